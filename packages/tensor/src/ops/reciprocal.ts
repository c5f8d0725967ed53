import type { Tensor } from "../tensor.ts";
import { div } from "./div.ts";

/**
 * y = 1 / x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.reciprocal.html
 *
 * @example
 * ```ts
 * import { reciprocal, tensor } from "@graftjs/tensor";
 *
 * console.log(reciprocal(tensor([1, 4, 0])).toNested()); // [1, 0.25, Infinity]
 * ```
 */
export function reciprocal(x: Tensor): Tensor {
  return div(1, x);
}
