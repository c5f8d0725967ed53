import {
  add,
  div,
  equalShapes,
  formatShape,
  log,
  maximum,
  mul,
  noGrad,
  ShapeError,
  sub,
  type Tensor,
  unsqueeze,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link gaussianNllLoss} and {@link GaussianNLLLoss}. */
export interface GaussianNLLLossOptions extends LossOptions {
  /** Whether ln(2π) / 2 is added. Default `false`. */
  readonly full?: boolean;
  /** What variances count for at least; their gradient is as if they were not bounded. Default 1e-6. */
  readonly eps?: number;
}

/**
 * Negative log-likelihood under a normal distribution: (ln v + (input - target)² / v) / 2 for the variance v, by default
 * averaged. `input` and `target` have one shape; `variance` has it too, or 1 in the place of the last axis, or lacks that.
 * @throws {ShapeError} unless they fit.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html
 *
 * @example
 * ```ts
 * import { gaussianNllLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(gaussianNllLoss(tensor([1]), tensor([3]), tensor([4])).item()); // 1.1931
 * ```
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  options: GaussianNLLLossOptions = {},
): Tensor {
  const { full = false, eps = 1e-6, reduction } = options;
  checkSameShape("gaussianNllLoss", input, target);
  const given = fitted(input, variance);
  const v = add(
    given,
    noGrad(() => sub(maximum(given, eps), given)),
  );
  const difference = sub(input, target);
  const losses = mul(add(log(v), div(mul(difference, difference), v)), 0.5);
  return reduce("gaussianNllLoss", full ? add(losses, Math.log(2 * Math.PI) / 2) : losses, reduction);
}

/** The variance as it broadcasts with the input. */
function fitted(input: Tensor, variance: Tensor): Tensor {
  const outer = input.shape.slice(0, -1);
  if (equalShapes(variance.shape, input.shape) || equalShapes(variance.shape, [...outer, 1])) return variance;
  if (equalShapes(variance.shape, outer)) return unsqueeze(variance, -1);
  throw new ShapeError({
    op: "gaussianNllLoss",
    expected: `variances ${formatShape(input.shape)}, ${formatShape([...outer, 1])} or ${formatShape(outer)}`,
    got: formatShape(variance.shape),
  });
}

/**
 * {@link gaussianNllLoss} as a module.
 *
 * @example
 * ```ts
 * import { GaussianNLLLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new GaussianNLLLoss().forward(tensor([1]), tensor([3]), tensor([4])).item()); // 1.1931
 * ```
 */
export class GaussianNLLLoss extends Module<readonly [input: Tensor, target: Tensor, variance: Tensor]> {
  readonly options: GaussianNLLLossOptions;

  constructor(options: GaussianNLLLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return gaussianNllLoss(input, target, variance, this.options);
  }
}
