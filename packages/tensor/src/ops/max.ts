import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineExtreme } from "./extreme.ts";
import { type ReduceAttrs, type ReduceOptions, reduceAttrs } from "./reduce.ts";

export const maxOp: Op<ReduceAttrs> = defineExtreme("max", Math.max);

/**
 * Largest element over axes; NaN if there is one. Equal largest elements share the gradient.
 * @throws {ShapeError} if a reduced axis is empty. @throws {DTypeError} on bool; see `any`.
 * Source: https://pytorch.org/docs/stable/generated/torch.amax.html
 *
 * @example
 * ```ts
 * import { max, tensor } from "@graftjs/tensor";
 *
 * console.log(max(tensor([[1, 5], [7, 3]]), { axes: 1 }).toNested()); // [5, 7]
 * console.log(max(tensor([[1, 5], [7, 3]]), { axes: 1, keepDims: true }).toNested()); // [[5], [7]]
 * ```
 */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return apply1(maxOp, [x], reduceAttrs("max", x, options));
}
