import { ArgumentError, add, mul, relu, sub, sum, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { alongClasses, classAxis, targetMask } from "./classes.ts";
import { type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link multiMarginLoss} and {@link MultiMarginLoss}. */
export interface MultiMarginLossOptions extends LossOptions {
  /** Power of what is missing to the margin, 1 or 2. Default 1. */
  readonly p?: 1 | 2;
  /** How much larger the target's score is to be than any other. Default 1. */
  readonly margin?: number;
  /** A factor for each target class, [C]. */
  readonly weight?: Tensor;
}

/**
 * The hinge loss of several classes: Σ over c ≠ t of weight[t] · max(0, margin - x[t] + x[c])^p / C for the target class t,
 * by default averaged over samples. `scores` x [N, C] or [C], `target` int32 [N] or [].
 * @throws {ShapeError | DTypeError} if target or weight do not fit. @throws {ArgumentError} for another p, or if a target is
 * no class (only outside of compiled functions).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html
 *
 * @example
 * ```ts
 * import { multiMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([1], undefined, { dtype: "int32" });
 * console.log(multiMarginLoss(tensor([[0.1, 0.8]]), target).item()); // 0.15
 * ```
 */
export function multiMarginLoss(scores: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const { p = 1, margin = 1, weight, reduction } = options;
  if (p !== 1 && p !== 2) throw new ArgumentError({ op: "multiMarginLoss", expected: "p of 1 or 2", got: String(p) });
  const axis = classAxis("multiMarginLoss", scores);
  const mask = targetMask("multiMarginLoss", target, scores, axis, -1);
  const own = sum(where(mask, scores, 0), { axes: axis, keepDims: true });
  const missing = where(mask, 0, relu(sub(add(scores, margin), own)));
  const classes = scores.shape[axis] as number;
  const hinges = mul(sum(p === 1 ? missing : mul(missing, missing), { axes: axis }), 1 / classes);
  const factors = weight && sum(where(mask, alongClasses("multiMarginLoss", weight, scores, axis), 0), { axes: axis });
  return reduce("multiMarginLoss", factors ? mul(hinges, factors) : hinges, reduction);
}

/**
 * {@link multiMarginLoss} as a module.
 *
 * @example
 * ```ts
 * import { MultiMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([1], undefined, { dtype: "int32" });
 * console.log(new MultiMarginLoss({ p: 2 }).forward(tensor([[0.1, 0.8]]), target).item()); // 0.045
 * ```
 */
export class MultiMarginLoss extends Module<readonly [scores: Tensor, target: Tensor]> {
  readonly options: MultiMarginLossOptions;

  constructor(options: MultiMarginLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(scores: Tensor, target: Tensor): Tensor {
    return multiMarginLoss(scores, target, this.options);
  }
}
