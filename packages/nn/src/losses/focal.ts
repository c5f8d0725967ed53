import { div, exp, logSoftmax, mul, neg, pow, sub, sum, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { alongClasses, classAxis, targetMask, weightOf } from "./classes.ts";
import type { NLLLossOptions } from "./nll.ts";
import { checkReduction, reduce } from "./reduction.ts";

/** Options of {@link focalLoss} and {@link FocalLoss}. */
export interface FocalLossOptions extends NLLLossOptions {
  /** How much less certain samples count: with 0, it is cross-entropy. Default 2. */
  readonly gamma?: number;
}

/**
 * Cross-entropy in which what is already certain counts less: -weight[t] · (1 - p)^gamma · ln p for the probability
 * p = softmax(logits)[t] of the target class t; the mean is Σ loss / Σ weight[t]. `logits` [N, C, ...] or [C], `target`
 * int32 [N, ...] or []. For independent classes there is {@link sigmoidFocalLoss}.
 * @throws {ShapeError | DTypeError} if target or weight do not fit. @throws {ArgumentError} if a target is no class (only
 * outside of compiled functions; inside, it counts for nothing).
 * Source: Lin et al. 2017, https://arxiv.org/abs/1708.02002
 *
 * @example
 * ```ts
 * import { focalLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([0], undefined, { dtype: "int32" });
 * console.log(focalLoss(tensor([[0, 0]]), target).item(), focalLoss(tensor([[5, 0]]), target).item()); // 0.1733 3.0e-7
 * ```
 */
export function focalLoss(logits: Tensor, target: Tensor, options: FocalLossOptions = {}): Tensor {
  const { gamma = 2, weight, ignoreIndex = -100, reduction = "mean" } = options;
  checkReduction("focalLoss", reduction);
  const axis = classAxis("focalLoss", logits);
  const mask = targetMask("focalLoss", target, logits, axis, ignoreIndex);
  const weights = weight && alongClasses("focalLoss", weight, logits, axis);
  const own = (scores: Tensor): Tensor => sum(where(mask, scores, 0), { axes: axis });
  const logProbability = own(logSoftmax(logits, axis));
  const costs = mul(neg(logProbability), pow(sub(1, exp(logProbability)), gamma));
  const losses = weights ? mul(costs, own(weights)) : costs;
  return reduction === "mean"
    ? div(sum(losses), weightOf(mask, weights, logits.dtype))
    : reduce("focalLoss", losses, reduction);
}

/**
 * {@link focalLoss} as a module.
 *
 * @example
 * ```ts
 * import { FocalLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([0], undefined, { dtype: "int32" });
 * console.log(new FocalLoss({ gamma: 2 }).forward(tensor([[0, 0]]), target).item()); // 0.1733
 * ```
 */
export class FocalLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: FocalLossOptions;

  constructor(options: FocalLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return focalLoss(logits, target, this.options);
  }
}
