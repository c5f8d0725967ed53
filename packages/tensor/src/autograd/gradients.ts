import type { Tensor } from "../tensor.ts";
import { checkedSeed } from "./tape.ts";

/** Options of {@link gradients}. */
export interface GradientsOptions {
  /** Gradient of the final result with respect to `of`; 1 for a tensor of one element. */
  readonly seed?: Tensor;
  /** Record the gradient computation itself, so that it can be differentiated again. Default `false`. */
  readonly createGraph?: boolean;
}

/**
 * Gradients d(of)/d(targets), returned instead of being added to `grad`.
 * @returns one tensor a target, of its shape; `null` where `of` does not depend on it.
 * Source: https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
 *
 * @example
 * ```ts
 * import { gradients, mul, sum, tensor, type Tensor } from "@graftjs/tensor";
 *
 * const x = tensor([2, 3], undefined, { requiresGrad: true });
 * const [first] = gradients(sum(mul(mul(x, x), x)), [x], { createGraph: true }); // 3x²
 * const [second] = gradients(sum(first as Tensor), [x]); // 6x
 * console.log(first?.toNested(), second?.toNested()); // [12, 27] [12, 18]
 * ```
 */
export function gradients(of: Tensor, targets: readonly Tensor[], options: GradientsOptions = {}): (Tensor | null)[] {
  if (!of.tape) return targets.map((t) => (t === of && of.requiresGrad ? checkedSeed(of, options.seed) : null));
  return of.tape.gradients(of, targets, options.seed, options.createGraph ?? false);
}
