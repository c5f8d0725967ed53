import { equalShapes, numel } from "../../shape.ts";
import {
  type Call,
  type CallOf,
  type Chain,
  type ChainOperand,
  type ChainStep,
  type Epilogue,
  isSameOperand,
} from "../call.ts";
import type { Value } from "../graph.ts";

/**
 * Moves what follows a convolution or a matrix product into it: + bias, + residual, clamp; into a batch normalisation,
 * clamp; if the chain that reads its result begins with that, and nothing else reads the result. What remains of the
 * chain follows. What is constant stays apart from what is not.
 */
export function fuseEpilogues(
  calls: readonly Call[],
  uses: ReadonlyMap<Value, number>,
  constants: ReadonlySet<Value>,
  root: (value: Value) => Value,
): Call[] {
  const readers = new Map<Value, Call>();
  for (const call of calls) for (const v of call.inputs) readers.set(root(v), call);
  const replaced = new Map<Call, readonly Call[]>();
  const absorbed = new Set<Call>();
  for (const call of calls) {
    if (call.kernel !== "conv2d" && call.kernel !== "matmul" && call.kernel !== "batchNorm") continue;
    const result = call.outputs[0] as Value;
    const chain = readers.get(result);
    // Where a chain adds two products, the first one takes it.
    if (uses.get(result) !== 1 || chain?.kernel !== "chain" || replaced.has(chain)) continue;
    if (constants.has(result) !== constants.has(chain.outputs[0] as Value)) continue;
    const own = chain.inputs.findIndex((v) => root(v) === result);
    const match = matchEpilogue(chain, own, result, call.kernel === "matmul");
    if (!match) continue;
    const { epilogue, extra, steps } = match;
    const attrs = { ...call.attrs, epilogue } as never;
    if (call.kernel === "batchNorm") {
      // It stays in its place, as others read its statistics from there on.
      if (extra.length > 0 || steps.length < chain.attrs.steps.length) continue;
      replaced.set(call, [{ ...call, attrs, outputs: [chain.outputs[0] as Value, ...call.outputs.slice(1)] }]);
      absorbed.add(chain);
      continue;
    }
    const last = steps.at(-1) as number;
    const written = chain.attrs.outputs.indexOf(last);
    const output = chain.outputs[written] ?? { id: -1, spec: (chain.inputs[own] as Value).spec };
    // Its place is the chain's: what the chain reads besides is ready there.
    const fused = {
      ...call,
      attrs,
      inputs: [...call.inputs, ...extra],
      outputs: [output],
    };
    const rest = steps.length < chain.attrs.steps.length ? [withoutSteps(chain, own, output, new Set(steps))] : [];
    replaced.set(chain, [fused, ...rest]);
    absorbed.add(call);
  }
  return calls.filter((c) => !absorbed.has(c)).flatMap((c) => replaced.get(c) ?? [c]);
}

interface Match {
  readonly epilogue: Epilogue;
  /** Further inputs of the call: bias, then residual. */
  readonly extra: readonly Value[];
  /** The steps of the chain that become the epilogue, in their order. */
  readonly steps: readonly number[];
}

function matchEpilogue(
  { attrs: chain, inputs }: CallOf<"chain">,
  own: number,
  result: Value,
  isProduct: boolean,
): Match | null {
  // Products may be read in another shape of the same rows.
  const fits = isProduct
    ? numel(result.spec.shape) === numel(chain.shape) && result.spec.shape.at(-1) === chain.shape.at(-1)
    : equalShapes(result.spec.shape, chain.shape);
  if (result.spec.dtype !== "float32" || !fits) return null;
  let current: ChainOperand = { kind: "input", index: own };
  let bias: Value | null = null;
  let residual: Value | null = null;
  let clamp: readonly [number, number] | null = null;
  const steps: number[] = [];
  while (!clamp) {
    const before = steps.at(-1);
    if (before !== undefined && chain.outputs.includes(before)) break;
    const readers = chain.steps.flatMap((step, i) => (step.operands.some((o) => isSameOperand(o, current)) ? [i] : []));
    const [index] = readers;
    const step = index === undefined ? undefined : chain.steps[index];
    if (readers.length !== 1 || index === undefined || !step || step.dtype !== "float32") break;
    const bounds = clampBounds(step);
    if (bounds && isSameOperand(step.operands[0], current)) {
      clamp = bounds;
    } else if (step.op === "add") {
      const other = step.operands.find((o) => !isSameOperand(o, current));
      if (other?.kind !== "input") break;
      const value = inputs[other.index] as Value;
      const strides = chain.inputs[other.index]?.strides as readonly number[];
      const isBias = strides.every((s, axis) => s === (axis === strides.length - 1 ? 1 : 0)) && strides.length > 1;
      if (isProduct && isBias && !bias && !residual) bias = value;
      else if (!residual && equalShapes(value.spec.shape, chain.shape)) residual = value;
      else break;
    } else {
      break;
    }
    steps.push(index);
    current = { kind: "step", index };
  }
  const extra = [bias, residual].filter((v) => v !== null);
  const epilogue = { bias: bias !== null, residual: residual !== null, clamp };
  return steps.length > 0 ? { epilogue, extra, steps } : null;
}

/** What remains of a chain of which some steps are done: `result`, of the last of them, comes in the place of input `own`. */
function withoutSteps(
  { attrs, inputs, outputs }: CallOf<"chain">,
  own: number,
  result: Value,
  done: ReadonlySet<number>,
): Call {
  const kept = attrs.steps.map((_, i) => i).filter((i) => !done.has(i));
  const needed = new Set([own]);
  for (const i of kept) {
    for (const o of attrs.steps[i]?.operands ?? []) if (o.kind === "input") needed.add(o.index);
  }
  const places = [...inputs.keys()].filter((i) => needed.has(i));
  const operand = (o: ChainOperand): ChainOperand => {
    if (o.kind === "input") return { kind: "input", index: places.indexOf(o.index) };
    if (o.kind === "constant") return o;
    if (done.has(o.index)) return { kind: "input", index: places.indexOf(own) };
    return { kind: "step", index: kept.indexOf(o.index) };
  };
  const written = attrs.outputs.flatMap((step, i) => (done.has(step) ? [] : [i]));
  return {
    kernel: "chain",
    attrs: {
      ...attrs,
      inputs: places.map((i) => attrs.inputs[i] as Chain["inputs"][number]),
      steps: kept.map((i): ChainStep => {
        const step = attrs.steps[i] as ChainStep;
        return { ...step, operands: step.operands.map(operand) };
      }),
      outputs: written.map((i) => kept.indexOf(attrs.outputs[i] as number)),
    },
    inputs: places.map((i) => (i === own ? result : (inputs[i] as Value))),
    outputs: written.map((i) => outputs[i] as Value),
  };
}

function clampBounds(step: ChainStep): readonly [number, number] | null {
  if (step.op === "relu") return [0, Number.POSITIVE_INFINITY];
  if (step.op !== "clamp" && step.op !== "hardtanh") return null;
  const [, low, high] = step.operands;
  return low?.kind === "constant" && high?.kind === "constant" ? [low.value, high.value] : null;
}
