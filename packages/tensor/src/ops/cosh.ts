import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sinh } from "./sinh.ts";

export const coshOp: Op<object> = defineElementwise({
  name: "cosh",
  arity: 1,
  accepts: floats,
  scalar: Math.cosh,
  grad: ({ grad }, x) => [mul(grad, sinh(x))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = (e^x + e^-x) / 2, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.cosh.html
 */
export function cosh(x: Tensor): Tensor {
  return apply1(coshOp, [floating(x)], {});
}
