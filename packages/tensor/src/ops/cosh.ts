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
 *
 * @example
 * ```ts
 * import { cosh, tensor } from "@graftjs/tensor";
 *
 * console.log(cosh(tensor([0, 1, -1])).toNested()); // [1, 1.5431, 1.5431]
 * ```
 */
export function cosh(x: Tensor): Tensor {
  return apply1(coshOp, [floating(x)], {});
}
