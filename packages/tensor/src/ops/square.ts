import type { Tensor } from "../tensor.ts";
import { mul } from "./mul.ts";
import { counted } from "./sum.ts";

/**
 * y = x², element-wise; of the shape and dtype of `x`, but int32 for bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.square.html
 *
 * @example
 * ```ts
 * import { square, tensor } from "@graftjs/tensor";
 *
 * console.log(square(tensor([-3, 2])).toNested()); // [9, 4]
 * ```
 */
export function square(x: Tensor): Tensor {
  const y = counted(x);
  return mul(y, y);
}
