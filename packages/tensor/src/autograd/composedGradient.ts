import type { GradContext } from "../op.ts";
import { withRuntime } from "../runtime.ts";
import { Tensor } from "../tensor.ts";
import { partialGradients } from "./checkpoint.ts";
import { isGradEnabled } from "./gradMode.ts";

/**
 * The gradient rule of an op with a kernel of its own that is also written in other ops: runs `fn` on the inputs and
 * differentiates it, as often as the others can be.
 */
export function composedGradient(
  fn: (...inputs: Tensor[]) => readonly Tensor[],
  { grads, needs }: Pick<GradContext<unknown>, "grads" | "needs">,
  inputs: readonly Tensor[],
): readonly (Tensor | null)[] {
  const createGraph = isGradEnabled();
  const sources = createGraph
    ? inputs
    : inputs.map((t, i) => new Tensor(t.shape, t.dtype, t.place, { requiresGrad: needs(i) }));
  const outputs = withRuntime({ gradEnabled: true }, () => fn(...sources));
  return partialGradients(outputs, grads, sources, createGraph);
}
