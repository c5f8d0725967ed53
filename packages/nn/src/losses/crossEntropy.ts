import { ArgumentError, add, div, logSoftmax, mul, neg, sum, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { alongClasses, classAxis, targetMask } from "./classes.ts";
import { type NLLLossOptions, nllLoss } from "./nll.ts";
import { checkReduction, checkSameShape } from "./reduction.ts";

export interface CrossEntropyLossOptions extends NLLLossOptions {
  /** How much of the target is spread over all classes, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Cross-entropy between softmax(logits) along the classes and the target: -Σ_c weight[c] · target[c] · ln softmax(logits)[c].
 * - `logits` [N, C, ...] or [C].
 * - `target`: class indices, int32 [N, ...] or [], whose mean is Σ loss / Σ weight[t]; or probabilities, float of the
 *   shape of the logits, whose mean is Σ loss / N.
 * - Label smoothing ε replaces the target by (1 - ε) · target + ε / C.
 * @throws {ShapeError | DTypeError} if target or weight do not fit. @throws {ArgumentError} if labelSmoothing is out of
 * range, or a target is no class (only outside of compiled functions; inside, it counts for nothing).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyLossOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = options;
  checkReduction("crossEntropy", reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError({ op: "crossEntropy", expected: "labelSmoothing in [0, 1]", got: String(labelSmoothing) });
  }
  const axis = classAxis("crossEntropy", logits);
  const logProbabilities = logSoftmax(logits, axis);
  const soft = target.dtype !== "int32";
  if (!soft && labelSmoothing === 0) return nllLoss(logProbabilities, target, options);

  const classes = logits.shape[axis] as number;
  const weights = weight && alongClasses("crossEntropy", weight, logits, axis);
  const weighted = (x: Tensor): Tensor => (weights ? mul(x, weights) : x);
  if (soft) checkSameShape("crossEntropy", logits, target);
  const goal = soft ? target : targetMask("crossEntropy", target, logits, axis, ignoreIndex);
  // Where a target is ignored, nothing is spread either.
  const spread = soft ? 1 : sum(goal, { axes: axis, keepDims: true });
  const smooth =
    labelSmoothing === 0 ? goal : add(mul(goal, 1 - labelSmoothing), mul(spread, labelSmoothing / classes));
  const losses = neg(sum(weighted(mul(smooth, logProbabilities)), { axes: axis }));
  if (reduction === "none") return losses;
  if (reduction === "sum") return sum(losses);
  return div(sum(losses), soft ? Math.max(1, logits.size / classes) : sum(weighted(goal)));
}

/** {@link crossEntropy} as a module. */
export class CrossEntropyLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: CrossEntropyLossOptions;

  constructor(options: CrossEntropyLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this.options);
  }
}
