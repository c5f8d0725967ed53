import type { Tensor } from "../tensor.ts";
import { notEqual } from "./notEqual.ts";

/**
 * Whether x is NaN, element-wise; bool, of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.isnan.html
 *
 * @example
 * ```ts
 * import { isnan, tensor } from "@graftjs/tensor";
 *
 * console.log(isnan(tensor([1, -Infinity, NaN])).toNested()); // [0, 0, 1]
 * ```
 */
export function isnan(x: Tensor): Tensor {
  return notEqual(x, x);
}
