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
 */
export function gradients(of: Tensor, targets: readonly Tensor[], options: GradientsOptions = {}): (Tensor | null)[] {
  if (!of.tape) return targets.map((t) => (t === of && of.requiresGrad ? checkedSeed(of, options.seed) : null));
  return of.tape.gradients(of, targets, options.seed, options.createGraph ?? false);
}
