import {
  ArgumentError,
  add,
  cast,
  div,
  greater,
  greaterEqual,
  less,
  logicalAnd,
  logSoftmax,
  mul,
  neg,
  reshape,
  softmaxCrossEntropy,
  sum,
  type Tensor,
  where,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { alongClasses, checkTarget, classAxis, targetMask, weightOf } from "./classes.ts";
import { type NLLLossOptions, nllLoss } from "./nll.ts";
import { checkReduction, checkSameShape, reduce } from "./reduction.ts";

/** Options of {@link crossEntropy} and {@link CrossEntropyLoss}. */
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
 *
 * @example
 * ```ts
 * import { crossEntropy } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const logits = tensor([[2, 0], [0, 2]]);
 * const target = tensor([0, 1], undefined, { dtype: "int32" });
 * console.log(crossEntropy(logits, target).item()); // 0.1269
 * console.log(crossEntropy(logits, target, { labelSmoothing: 0.1 }).item()); // 0.2269
 * console.log(crossEntropy(logits, tensor([[0.5, 0.5], [0, 1]])).item()); // 0.6269
 * ```
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyLossOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = options;
  checkReduction("crossEntropy", reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError({ op: "crossEntropy", expected: "labelSmoothing in [0, 1]", got: String(labelSmoothing) });
  }
  const axis = classAxis("crossEntropy", logits);
  const classes = logits.shape[axis] as number;
  const soft = target.dtype !== "int32";
  if (!soft && labelSmoothing === 0) {
    const ignoresClass = ignoreIndex >= 0 && ignoreIndex < classes;
    if (!weight && logits.rank <= 2 && !ignoresClass) return ofRows(logits, target, options);
    return nllLoss(logSoftmax(logits, axis), target, options);
  }
  const logProbabilities = logSoftmax(logits, axis);
  const weights = weight && alongClasses("crossEntropy", weight, logits, axis);
  const scores = weights ? mul(weights, logProbabilities) : logProbabilities;
  const perSample = { axes: axis };
  if (soft) {
    checkSameShape("crossEntropy", logits, target);
    const goal = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / classes);
    const losses = neg(sum(mul(goal, scores), perSample));
    return reduction === "mean" ? mul(sum(losses), classes / logits.size) : reduce("crossEntropy", losses, reduction);
  }
  const mask = targetMask("crossEntropy", target, logits, axis, ignoreIndex);
  // Where a target is ignored, nothing is spread either.
  const counts = greater(sum(cast(mask, logits.dtype), { axes: axis, keepDims: true }), 0);
  const hit = sum(where(mask, scores, 0), perSample);
  const spread = sum(where(counts, scores, 0), perSample);
  const losses = neg(add(mul(hit, 1 - labelSmoothing), mul(spread, labelSmoothing / classes)));
  if (reduction !== "mean") return reduce("crossEntropy", losses, reduction);
  return div(sum(losses), weightOf(mask, weights, logits.dtype));
}

/** For logits [N, C] or [C] and one class each, all classes weighing the same. */
function ofRows(logits: Tensor, target: Tensor, { ignoreIndex = -100, reduction = "mean" }: NLLLossOptions): Tensor {
  const axis = logits.rank - 1;
  checkTarget("crossEntropy", target, logits, axis, ignoreIndex);
  const classes = logits.shape[axis] as number;
  const losses = softmaxCrossEntropy(reshape(logits, [target.size, classes]), reshape(target, [target.size]));
  if (reduction !== "mean") return reduce("crossEntropy", reshape(losses, target.shape), reduction);
  const counts = logicalAnd(greaterEqual(target, 0), less(target, classes));
  return div(sum(losses), sum(cast(counts, losses.dtype)));
}

/**
 * {@link crossEntropy} as a module.
 *
 * @example
 * ```ts
 * import { CrossEntropyLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([0, 1], undefined, { dtype: "int32" });
 * console.log(new CrossEntropyLoss({ labelSmoothing: 0.1 }).forward(tensor([[2, 0], [0, 2]]), target).item()); // 0.2269
 * ```
 */
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
