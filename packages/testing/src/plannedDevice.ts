import {
  type Attention,
  allocate,
  type Call,
  type Chain,
  type Device,
  type Graph,
  type Location,
  type MatmulViews,
  type MatrixView,
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
  if (call.kernel === "attention") {
    runAttention(call.attrs, inputs, outputs[0] as NDArray);
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
  const views: MatmulViews = call.kernel === "matmul" ? call.attrs : {};
  [views.viewA, views.viewB].forEach((view, i) => {
    if (view) own[i] = { ...(own[i] as NDArray), shape: view.shape, data: gathered((own[i] as NDArray).data, view) };
  });
  const { viewOutput } = views;
  if (viewOutput) fresh[0] = { ...(fresh[0] as NDArray), shape: viewOutput.shape };
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
    const to = outputs[i]?.data as TypedArray;
    if (!viewOutput) to.set(o.data as never);
    else
      offsetsOf(viewOutput).forEach((at, j) => {
        to[at] = o.data[j] as number;
      });
  });
}

/** Where the elements of a view lie, in its order. */
function offsetsOf({ shape, strides }: MatrixView): number[] {
  return Array.from({ length: numel(shape) }, (_, i) => {
    let [at, rest] = [0, i];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % (shape[axis] as number)) * (strides[axis] as number);
      rest = Math.floor(rest / (shape[axis] as number));
    }
    return at;
  });
}

function gathered(data: TypedArray, view: MatrixView): TypedArray {
  return Float64Array.from(offsetsOf(view), (at) => data[at] as number);
}

/** Query by query, with all of its scores. */
function runAttention(attrs: Attention, inputs: readonly NDArray[], output: NDArray): void {
  const { query, key, value, scale, mask, allowed } = attrs;
  const batch = attrs.output.shape.slice(0, -2);
  const [queries, e] = query.shape.slice(-2) as [number, number];
  const [keys, d] = value.shape.slice(-2) as [number, number];
  const across = ({ shape, strides }: MatrixView): number[] => {
    const lead = batch.length - (shape.length - 2);
    return offsetsOf({
      shape: batch,
      strides: batch.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : (strides[i - lead] as number))),
    });
  };
  const along = (strides: readonly number[]): number[] => offsetsOf({ shape: [...batch, queries, keys], strides });
  const starts = [query, key, value, attrs.output].map(across);
  const [maskAt, allowedAt] = [mask && along(mask), allowed && along(allowed.strides)];
  const read = (i: number, at: number): number => Number((inputs.at(i) as NDArray).data[at]);
  const row = (i: number, { strides }: MatrixView, b: number, r: number): number =>
    (starts[i]?.[b] as number) + r * (strides.at(-2) as number);
  const results: [at: number, value: number][] = [];
  for (let b = 0; b < numel(batch); b++) {
    for (let q = 0; q < queries; q++) {
      const isAllowed = (k: number): boolean =>
        !allowedAt || read(-1, allowedAt[(b * queries + q) * keys + k] as number) !== 0;
      const scores = Array.from({ length: keys }, (_, k) => {
        if (!isAllowed(k)) return allowed?.fill as number;
        let score = 0;
        for (let i = 0; i < e; i++) score += read(0, row(0, query, b, q) + i) * read(1, row(1, key, b, k) + i);
        return score * scale + (maskAt ? read(3, maskAt[(b * queries + q) * keys + k] as number) : 0);
      });
      const highest = Math.max(...scores);
      const weights = scores.map((s) => Math.exp(s - highest));
      const total = weights.reduce((sum, w) => sum + w, 0);
      for (let i = 0; i < d; i++) {
        let sum = 0;
        weights.forEach((w, k) => {
          const weight = allowed?.isCleared && !isAllowed(k) ? 0 : w / total;
          sum += weight * read(2, row(2, value, b, k) + i);
        });
        results.push([row(3, attrs.output, b, q) + i, sum]);
      }
    }
  }
  for (const [at, sum] of results) output.data[at] = sum;
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
