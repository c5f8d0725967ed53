import { div, mul, neg, sum, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { alongClasses, classAxis, targetMask, weightOf } from "./classes.ts";
import { checkReduction, type LossOptions } from "./reduction.ts";

/** Options of {@link nllLoss} and {@link NLLLoss}. */
export interface NLLLossOptions extends LossOptions {
  /** A factor for each class, [C]; a mean is then weighted too. */
  readonly weight?: Tensor;
  /** Targets of this class count for nothing. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * Negative log-likelihood: -weight[t] · logProbabilities[t] for each target class t; the mean is Σ loss / Σ weight[t].
 * `logProbabilities` [N, C, ...] or [C], `target` int32 [N, ...] or [].
 * @throws {ShapeError | DTypeError} if target or weight do not fit. @throws {ArgumentError} if a target is no class
 * (only outside of compiled functions, where values are known; inside, it counts for nothing).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 *
 * @example
 * ```ts
 * import { nllLoss } from "@graftjs/nn";
 * import { log, tensor } from "@graftjs/tensor";
 *
 * const target = tensor([1], undefined, { dtype: "int32" });
 * console.log(nllLoss(log(tensor([[0.25, 0.75]])), target).item()); // 0.2877
 * ```
 */
export function nllLoss(logProbabilities: Tensor, target: Tensor, options: NLLLossOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  checkReduction("nllLoss", reduction);
  const axis = classAxis("nllLoss", logProbabilities);
  const mask = targetMask("nllLoss", target, logProbabilities, axis, ignoreIndex);
  const weights = weight && alongClasses("nllLoss", weight, logProbabilities, axis);
  // Chosen rather than multiplied by 0 or 1: classes that are excluded by -Infinity stay out.
  const picked = where(mask, weights ? mul(weights, logProbabilities) : logProbabilities, 0);
  if (reduction === "none") return neg(sum(picked, { axes: axis }));
  const total = neg(sum(picked));
  return reduction === "sum" ? total : div(total, weightOf(mask, weights, logProbabilities.dtype));
}

/**
 * {@link nllLoss} as a module.
 *
 * @example
 * ```ts
 * import { NLLLoss } from "@graftjs/nn";
 * import { log, tensor } from "@graftjs/tensor";
 *
 * const target = tensor([1], undefined, { dtype: "int32" });
 * console.log(new NLLLoss().forward(log(tensor([[0.25, 0.75]])), target).item()); // 0.2877
 * ```
 */
export class NLLLoss extends Module<readonly [logProbabilities: Tensor, target: Tensor]> {
  readonly options: NLLLossOptions;

  constructor(options: NLLLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logProbabilities: Tensor, target: Tensor): Tensor {
    return nllLoss(logProbabilities, target, this.options);
  }
}
