import type { Tensor } from "../tensor.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sin } from "./sin.ts";
import { where } from "./where.ts";

/**
 * y = sin(πx) / (πx), 1 at 0, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool). The gradient at
 * 0 is 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.sinc.html
 */
export function sinc(x: Tensor): Tensor {
  const middle = equal(x, 0);
  const angle = mul(where(middle, 1, floating(x)), Math.PI);
  return where(middle, 1, div(sin(angle), angle));
}
