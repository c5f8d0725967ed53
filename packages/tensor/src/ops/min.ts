import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineExtreme } from "./extreme.ts";
import { type ReduceAttrs, type ReduceOptions, reduceAttrs } from "./reduce.ts";

export const minOp: Op<ReduceAttrs> = defineExtreme("min", Math.min);

/**
 * Smallest element over axes; NaN if there is one. Equal smallest elements share the gradient.
 * @throws {ShapeError} if a reduced axis is empty. @throws {DTypeError} on bool; see `all`.
 * Source: https://pytorch.org/docs/stable/generated/torch.amin.html
 *
 * @example
 * ```ts
 * import { min, tensor } from "@graftjs/tensor";
 *
 * console.log(min(tensor([[1, 5], [7, 3]]), { axes: 1 }).toNested()); // [1, 3]
 * ```
 */
export function min(x: Tensor, options: ReduceOptions = {}): Tensor {
  return apply1(minOp, [x], reduceAttrs("min", x, options));
}
