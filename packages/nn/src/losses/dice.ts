import { add, cast, div, mean, mul, softmax, sub, sum, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { classAxis, targetMask } from "./classes.ts";

/** Options of {@link diceLoss} and {@link DiceLoss}. */
export interface DiceLossOptions {
  /** Added to both sides of the ratio, so that classes that do not occur count as found. Default 1. */
  readonly smooth?: number;
  /** Elements of this class count for nothing. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * How little predicted and true areas of the classes overlap, for segmentation: the mean over classes of
 * 1 - (2 · Σ p · y + smooth) / (Σ p + Σ y + smooth), with p = softmax(logits) and y = 1 at the target's class; sums run over
 * the whole batch. `logits` [N, C, ...] or [C], `target` int32 [N, ...] or [].
 * @throws {ShapeError | DTypeError} if the target does not fit. @throws {ArgumentError} if one is no class (only outside of
 * compiled functions; inside, its element has no class).
 * Source: Milletari et al. 2016, https://arxiv.org/abs/1606.04797
 *
 * @example
 * ```ts
 * import { diceLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const logits = tensor([[[[9, 9, -9, -9]], [[-9, -9, 9, 9]]]]); // two classes, four pixels
 * const target = tensor([[[0, 0, 1, 0]]], undefined, { dtype: "int32" });
 * console.log(diceLoss(logits, target).item()); // 0.2083
 * ```
 */
export function diceLoss(logits: Tensor, target: Tensor, options: DiceLossOptions = {}): Tensor {
  const { smooth = 1, ignoreIndex = -100 } = options;
  const axis = classAxis("diceLoss", logits);
  const truth = cast(targetMask("diceLoss", target, logits, axis, ignoreIndex), logits.dtype);
  // What is ignored has no truth of any class, and then no prediction either.
  const counts = sum(truth, { axes: axis, keepDims: true });
  const predicted = mul(softmax(logits, axis), counts);
  const perClass = { axes: logits.shape.map((_, i) => i).filter((i) => i !== axis) };
  const overlap = sum(mul(predicted, truth), perClass);
  const total = sum(add(predicted, truth), perClass);
  return sub(1, mean(div(add(mul(overlap, 2), smooth), add(total, smooth))));
}

/**
 * {@link diceLoss} as a module.
 *
 * @example
 * ```ts
 * import { DiceLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const logits = tensor([[[[9, 9, -9, -9]], [[-9, -9, 9, 9]]]]); // two classes, four pixels
 * const target = tensor([[[0, 0, 1, 1]]], undefined, { dtype: "int32" });
 * console.log(new DiceLoss().forward(logits, target).item()); // 0.0000
 * ```
 */
export class DiceLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: DiceLossOptions;

  constructor(options: DiceLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return diceLoss(logits, target, this.options);
  }
}
