import { equalShapes } from "../../shape.ts";
import type { Call, Chain, ChainOperand, ChainStep } from "../call.ts";
import type { Value } from "../graph.ts";

/**
 * Moves the gradient of a ReLU, or of a hard tanh, into that of the batch normalisation before it, which is its only
 * reader: dy·(low < y < high) is then not written and read again, and y is known from what the kernel reads anyway.
 */
export function fuseBatchNormGrad(calls: readonly Call[], uses: ReadonlyMap<Value, number>): Call[] {
  const producers = new Map<Value, Call>();
  for (const call of calls) producers.set(call.outputs[0] as Value, call);
  const replaced = new Map<Call, Call>();
  const absorbed = new Set<Call>();
  for (const call of calls) {
    if (call.kernel !== "batchNormGrad") continue;
    const [grad, x, weight, mean, variance] = call.inputs as [Value, Value, Value, Value, Value];
    const mask = producers.get(grad);
    const match = mask?.kernel === "chain" && uses.get(grad) === 1 ? matchMask(mask.attrs) : null;
    if (!mask || !match) continue;
    const [dy, y] = [match.grad, match.output].map((i) => mask.inputs[i]) as [Value, Value];
    const forward = producers.get(y);
    if (forward?.kernel !== "batchNorm" || !equalShapes(dy.spec.shape, grad.spec.shape)) continue;
    const isIts = [x, weight].every((v, i) => v === forward.inputs[i]) && mean === forward.outputs[1];
    const clamp = forward.attrs.epilogue?.clamp;
    if (!isIts || !clamp || match.within.some((bound, i) => bound !== clamp[i])) continue;
    const bias = forward.inputs[2] as Value;
    const attrs = { ...call.attrs, within: match.within };
    replaced.set(call, { ...call, attrs, inputs: [dy, x, weight, mean, variance, bias] });
    absorbed.add(mask);
  }
  return calls.filter((c) => !absorbed.has(c)).map((c) => replaced.get(c) ?? c);
}

interface Match {
  /** Inputs of the chain. */
  readonly grad: number;
  readonly output: number;
  readonly within: readonly [low: number, high: number];
}

/** Whether a chain is where(low < output && output < high, grad, 0), or the same without an upper bound. */
function matchMask({ steps, outputs }: Chain): Match | null {
  const last = steps.at(-1);
  if (outputs.length !== 1 || outputs[0] !== steps.length - 1 || last?.op !== "where") return null;
  const [condition, grad, zero] = last.operands;
  if (grad?.kind !== "input" || zero?.kind !== "constant" || zero.value !== 0) return null;
  const step = stepOf(steps, condition);
  const sides = step?.op === "logicalAnd" ? step.operands.map((o) => stepOf(steps, o)) : [step];
  // Nothing but these steps.
  if (steps.length !== (sides.length === 1 ? 2 : 4)) return null;
  const [above, below] = sides;
  const [output, low] = above?.op === "greater" ? above.operands : [];
  if (output?.kind !== "input" || low?.kind !== "constant") return null;
  if (sides.length === 1)
    return { grad: grad.index, output: output.index, within: [low.value, Number.POSITIVE_INFINITY] };
  const [same, high] = below?.op === "less" ? below.operands : [];
  if (same?.kind !== "input" || same.index !== output.index || high?.kind !== "constant") return null;
  return { grad: grad.index, output: output.index, within: [low.value, high.value] };
}

function stepOf(steps: readonly ChainStep[], operand: ChainOperand | undefined): ChainStep | undefined {
  return operand?.kind === "step" ? steps[operand.index] : undefined;
}
