import { equalShapes } from "../../shape.ts";
import type { Call, Chain, ChainOperand, ChainStep, Epilogue } from "../call.ts";
import type { Value } from "../graph.ts";

/**
 * Moves what follows a convolution or a matrix product into it: + bias, + residual, clamp; into a batch normalisation,
 * clamp; as far as the chain that reads its result does nothing else, and nothing else reads the result. What is constant
 * stays apart from what is not.
 */
export function fuseEpilogues(
  calls: readonly Call[],
  uses: ReadonlyMap<Value, number>,
  constants: ReadonlySet<Value>,
): Call[] {
  const readers = new Map<Value, Call>();
  for (const call of calls) for (const v of call.inputs) readers.set(v, call);
  const replaced = new Map<Call, Call>();
  const absorbed = new Set<Call>();
  for (const call of calls) {
    if (call.kernel !== "conv2d" && call.kernel !== "matmul" && call.kernel !== "batchNorm") continue;
    const result = call.outputs[0] as Value;
    const chain = readers.get(result);
    // Where a chain adds two products, the first one takes it.
    if (uses.get(result) !== 1 || chain?.kernel !== "chain" || replaced.has(chain)) continue;
    if (constants.has(result) !== constants.has(chain.outputs[0] as Value)) continue;
    const match = matchEpilogue(chain.attrs, chain.inputs, result, call.kernel === "matmul");
    if (!match) continue;
    const { epilogue, extra } = match;
    const attrs = { ...call.attrs, epilogue } as never;
    if (call.kernel === "batchNorm") {
      // It stays in its place, as others read its statistics from there on.
      if (extra.length > 0) continue;
      replaced.set(call, { ...call, attrs, outputs: [chain.outputs[0] as Value, ...call.outputs.slice(1)] });
      absorbed.add(chain);
      continue;
    }
    // Its place is the chain's: what the chain reads besides is ready there.
    replaced.set(chain, {
      ...call,
      attrs,
      inputs: [...call.inputs, ...extra],
      outputs: chain.outputs,
    });
    absorbed.add(call);
  }
  return calls.filter((c) => !absorbed.has(c)).map((c) => replaced.get(c) ?? c);
}

interface Match {
  readonly epilogue: Epilogue;
  /** Further inputs of the call: bias, then residual. */
  readonly extra: readonly Value[];
}

function matchEpilogue(chain: Chain, inputs: readonly Value[], result: Value, takesBias: boolean): Match | null {
  const own = inputs.indexOf(result);
  if (chain.outputs.length !== 1 || chain.outputs[0] !== chain.steps.length - 1) return null;
  if (result.spec.dtype !== "float32" || !equalShapes(result.spec.shape, chain.shape)) return null;
  let current: ChainOperand = { kind: "input", index: own };
  let bias: Value | null = null;
  let residual: Value | null = null;
  let clamp: readonly [number, number] | null = null;
  for (const [i, step] of chain.steps.entries()) {
    if (clamp) return null;
    const bounds = clampBounds(step);
    if (bounds && same(step.operands[0], current)) {
      clamp = bounds;
    } else if (step.op === "add") {
      const other = step.operands.find((o) => !same(o, current));
      if (other?.kind !== "input" || !step.operands.some((o) => same(o, current))) return null;
      const value = inputs[other.index] as Value;
      const strides = chain.inputs[other.index]?.strides as readonly number[];
      const isBias = strides.every((s, axis) => s === (axis === strides.length - 1 ? 1 : 0)) && strides.length > 1;
      if (takesBias && isBias && !bias && !residual) bias = value;
      else if (!residual && equalShapes(value.spec.shape, chain.shape)) residual = value;
      else return null;
    } else {
      return null;
    }
    current = { kind: "step", index: i };
  }
  const extra = [bias, residual].filter((v) => v !== null);
  return { epilogue: { bias: bias !== null, residual: residual !== null, clamp }, extra };
}

function clampBounds(step: ChainStep): readonly [number, number] | null {
  if (step.op === "relu") return [0, Number.POSITIVE_INFINITY];
  if (step.op !== "clamp" && step.op !== "hardtanh") return null;
  const [, low, high] = step.operands;
  return low?.kind === "constant" && high?.kind === "constant" ? [low.value, high.value] : null;
}

function same(a: ChainOperand | undefined, b: ChainOperand): boolean {
  return a !== undefined && a.kind === b.kind && a.kind !== "constant" && b.kind !== "constant" && a.index === b.index;
}
