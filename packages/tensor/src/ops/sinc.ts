import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { div } from "./div.ts";
import { less } from "./less.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sin } from "./sin.ts";
import { where } from "./where.ts";

/**
 * y = sin(πx) / (πx), 1 at 0, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool). The gradient at
 * 0 is 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.sinc.html
 *
 * @example
 * ```ts
 * import { sinc, tensor } from "@graftjs/tensor";
 *
 * console.log(sinc(tensor([0, 0.5, 2.5])).toNested()); // [1, 0.6366, 0.1273]
 * ```
 */
export function sinc(x: Tensor): Tensor {
  const number = floating(x);
  // So near to 0 it is 1 in float64, and its gradient 0 nearly.
  const middle = less(abs(number), 1e-9);
  const angle = mul(where(middle, 1, number), Math.PI);
  return where(middle, 1, div(sin(angle), angle));
}
