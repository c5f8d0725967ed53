import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { equal } from "./equal.ts";
import { floating } from "./operand.ts";

/**
 * Whether x is Infinity or -Infinity, element-wise; bool, of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.isinf.html
 */
export function isinf(x: Tensor): Tensor {
  return equal(abs(floating(x)), Number.POSITIVE_INFINITY);
}
