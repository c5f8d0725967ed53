import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { less } from "./less.ts";
import { floating } from "./operand.ts";

/**
 * Whether x is neither infinite nor NaN, element-wise; bool, of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.isfinite.html
 *
 * @example
 * ```ts
 * import { isfinite, tensor } from "@graftjs/tensor";
 *
 * console.log(isfinite(tensor([1, Infinity, NaN])).toNested()); // [1, 0, 0]
 * ```
 */
export function isfinite(x: Tensor): Tensor {
  return less(abs(floating(x)), Number.POSITIVE_INFINITY);
}
