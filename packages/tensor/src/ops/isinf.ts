import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { equal } from "./equal.ts";
import { floating } from "./operand.ts";

/**
 * Whether x is Infinity or -Infinity, element-wise; bool, of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.isinf.html
 *
 * @example
 * ```ts
 * import { isinf, tensor } from "@graftjs/tensor";
 *
 * console.log(isinf(tensor([1, -Infinity, NaN])).toNested()); // [0, 1, 0]
 * ```
 */
export function isinf(x: Tensor): Tensor {
  return equal(abs(floating(x)), Number.POSITIVE_INFINITY);
}
