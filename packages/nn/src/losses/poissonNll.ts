import { add, exp, greater, log, mul, sub, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link poissonNllLoss} and {@link PoissonNLLLoss}. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default `true`. */
  readonly logInput?: boolean;
  /** Whether Stirling's approximation of ln(target!) is added. Default `false`. */
  readonly full?: boolean;
  /** Added to the rate in its logarithm, where the input is no logarithm. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Negative log-likelihood of counts under a Poisson distribution: e^x - t · x, or x - t · ln(x + eps) if the input x is no
 * logarithm; by default averaged. `full` adds t · ln t - t + ln(2πt) / 2 where t > 1.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html
 *
 * @example
 * ```ts
 * import { poissonNllLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(poissonNllLoss(tensor([0, 1]), tensor([2, 2]), { reduction: "none" }).toNested()); // [1, 0.7183]
 * ```
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNLLLossOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8, reduction } = options;
  checkSameShape("poissonNllLoss", input, target);
  const losses = logInput ? sub(exp(input), mul(target, input)) : sub(input, mul(target, log(add(input, eps))));
  return reduce("poissonNllLoss", full ? add(losses, stirling(target)) : losses, reduction);
}

/** t · ln t - t + ln(2πt) / 2 where t > 1, else 0. */
function stirling(target: Tensor): Tensor {
  const large = greater(target, 1);
  const t = where(large, target, 1);
  const approximation = add(sub(mul(t, log(t)), t), mul(log(mul(t, 2 * Math.PI)), 0.5));
  return where(large, approximation, 0);
}

/**
 * {@link poissonNllLoss} as a module.
 *
 * @example
 * ```ts
 * import { PoissonNLLLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new PoissonNLLLoss({ reduction: "sum" }).forward(tensor([0, 1]), tensor([2, 2])).item()); // 1.7183
 * ```
 */
export class PoissonNLLLoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: PoissonNLLLossOptions;

  constructor(options: PoissonNLLLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(input, target, this.options);
  }
}
