import {
  allocate,
  type Call,
  type Chain,
  type Device,
  type Graph,
  type Location,
  type NDArray,
  numel,
  ops,
  type Plan,
  type PlannedCall,
  plan,
  referenceDevice,
  Storage,
  type TypedArray,
  type Value,
  viewOf,
} from "@graftjs/tensor";

/**
 * Runs plans — fused, placed in one arena, in place where the planner says so — with reference kernels. What it gets
 * wrong, the planner got wrong: no device is involved.
 */
export const plannedDevice: Device = {
  name: "planned reference",
  allocate: (dtype, length) => {
    const data = allocate(dtype, length);
    return {
      device: plannedDevice,
      view: () => data,
      read: () => Promise.resolve(data.slice()),
      write: (values) => data.set(values as never),
    };
  },
  compile: (graph) => {
    const planned = plan(graph, {
      workspaceBytes: () => 64,
      // Prepared is a copy.
      preparation: ({ kernel, inputs }) =>
        kernel === "conv2d" || kernel === "conv2dInputGrad"
          ? { input: 1, bytes: Math.max(4 * numel((inputs[1] as Value).spec.shape), 4) }
          : null,
    });
    const kept = new ArrayBuffer(planned.keptBytes);
    let versions: number[] | null = null;
    return {
      run: (inputs) => {
        const isFresh = versions?.every((version, i) => version === planned.constants[i]?.version);
        const outputs = runPlan(graph, planned, kept, isFresh === true, inputs);
        versions = planned.constants.map((s) => s.version);
        return outputs;
      },
      explain: () => referenceDevice.compile(graph).explain(),
    };
  },
};

function runPlan(
  graph: Graph,
  planned: Plan,
  kept: ArrayBuffer,
  isFresh: boolean,
  inputs: readonly Storage[],
): Storage[] {
  const arena = new ArrayBuffer(planned.arenaBytes);
  // Whatever is read without having been written shows.
  const spoil = (): unknown => new Float32Array(arena).fill(Number.NaN);
  const at = (location: Location, { spec }: Value): TypedArray => {
    if (location.kind === "state") return location.storage.placeOn(plannedDevice).view() as TypedArray;
    if (!("offset" in location)) throw new Error("This device has inputs and outputs in the arena.");
    return viewOf(spec.dtype, location.kind === "kept" ? kept : arena, location.offset, numel(spec.shape));
  };
  const prepare = ({ call, inputs: from, prepared }: PlannedCall): void => {
    if (!prepared) return;
    const value = call.inputs[prepared.input] as Value;
    at(prepared.location, value).set(at(from[prepared.input] as Location, value) as never);
  };
  const run = (step: PlannedCall): void => {
    const { call, inputs: from, outputs: to, prepared } = step;
    if (prepared?.location.kind === "arena") prepare(step);
    const place = (i: number): Location => (i === prepared?.input ? prepared.location : (from[i] as Location));
    runCall(
      call,
      call.inputs.map((v, i): NDArray => ({ ...v.spec, data: at(place(i), v) })),
      call.outputs.map((v, i): NDArray => ({ ...v.spec, data: at(to[i] as Location, v) })),
    );
  };
  if (!isFresh) {
    new Uint8Array(kept).fill(255);
    spoil();
    for (const { kind, planned: step } of planned.prologue) (kind === "prepare" ? prepare : run)(step);
  }
  spoil();
  graph.inputs.forEach((value, i) => {
    at(planned.inputs[i] as Location, value).set((inputs[i] as Storage).host() as never);
  });
  planned.calls.forEach(run);
  for (const storage of planned.assigned) storage.touched();
  return graph.outputs.map((v, i) => new Storage(v.spec.dtype, at(planned.outputs[i] as Location, v).slice()));
}

function runCall(call: Call, inputs: NDArray[], outputs: NDArray[]): void {
  if (call.kernel === "chain") {
    runChain(call.attrs, inputs, outputs);
    return;
  }
  const fresh = outputs.map((o): NDArray => ({ ...o, data: allocate(o.dtype, o.data.length) }));
  const epilogue = "epilogue" in call.attrs ? call.attrs.epilogue : undefined;
  const extra = (epilogue?.bias ? 1 : 0) + (epilogue?.residual ? 1 : 0);
  const own = inputs.slice(0, inputs.length - extra);
  if (call.kernel === "batchNormGrad" && call.attrs.within) {
    const [low, high] = call.attrs.within;
    const [dy, x, weight, mean, variance, shift] = own as [NDArray, NDArray, NDArray, NDArray, NDArray, NDArray];
    const data = (dy.data as Float32Array).slice();
    const at = (t: NDArray, k: number): number => t.data[k] as number;
    const plane = numel(x.shape.slice(2));
    for (let i = 0; i < data.length; i++) {
      const c = Math.floor(i / plane) % (x.shape[1] as number);
      const scale = at(weight, c) / Math.sqrt(at(variance, c) + call.attrs.epsilon);
      const y = (at(x, i) - at(mean, c)) * scale + at(shift, c);
      if (!(y > low && y < high)) data[i] = 0;
    }
    own[0] = { ...dy, data };
  }
  const [bias, residual] = epilogue?.bias ? inputs.slice(own.length) : [undefined, inputs[own.length]];
  ops[call.kernel].reference({ attrs: call.attrs, output: fresh[0] as NDArray, outputs: fresh }, ...own);
  if (epilogue) {
    const { data, shape } = fresh[0] as NDArray;
    const [low, high] = epilogue.clamp ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < data.length; i++) {
      const sum =
        (data[i] as number) + Number(bias?.data[i % (shape.at(-1) as number)] ?? 0) + Number(residual?.data[i] ?? 0);
      data[i] = Math.min(Math.max(sum, low), high);
    }
  }
  fresh.forEach((o, i) => {
    outputs[i]?.data.set(o.data as never);
  });
}

/** Element by element, all steps at once, as a device does: so that unsafe sharing of memory shows. */
function runChain(chain: Chain, inputs: readonly NDArray[], outputs: readonly NDArray[]): void {
  const scalar = (dtype: NDArray["dtype"], value: number): NDArray => ({
    shape: [],
    dtype,
    data: allocate(dtype, 1).fill(value),
  });
  const size = numel(chain.shape);
  for (let i = 0; i < size; i++) {
    const index: number[] = [];
    for (let axis = chain.shape.length - 1, rest = i; axis >= 0; axis--) {
      index[axis] = rest % (chain.shape[axis] as number);
      rest = Math.floor(rest / (chain.shape[axis] as number));
    }
    const values: NDArray[] = [];
    for (const { op, operands, operandDType, dtype } of chain.steps) {
      const args = operands.map((operand): NDArray => {
        if (operand.kind === "step") return values[operand.index] as NDArray;
        if (operand.kind === "constant") return scalar(operandDType, operand.value);
        const { strides, dtype: from } = chain.inputs[operand.index] as Chain["inputs"][number];
        const offset = strides.reduce((sum, s, axis) => sum + s * (index[axis] as number), 0);
        return scalar(from, (inputs[operand.index] as NDArray).data[offset] as number);
      });
      const output = scalar(dtype, 0);
      ops[op].reference({ attrs: { dtype }, output, outputs: [output] }, ...args);
      values.push(output);
    }
    chain.outputs.forEach((step, o) => {
      (outputs[o] as NDArray).data[i] = (values[step] as NDArray).data[0] as number;
    });
  }
}
