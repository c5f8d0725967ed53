import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { cosh } from "./cosh.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const sinhOp: Op<object> = defineElementwise({
  name: "sinh",
  arity: 1,
  accepts: floats,
  scalar: Math.sinh,
  grad: ({ grad }, x) => [mul(grad, cosh(x))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = (e^x - e^-x) / 2, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.sinh.html
 *
 * @example
 * ```ts
 * import { sinh, tensor } from "@graftjs/tensor";
 *
 * console.log(sinh(tensor([0, 1, -1])).toNested()); // [0, 1.1752, -1.1752]
 * ```
 */
export function sinh(x: Tensor): Tensor {
  return apply1(sinhOp, [floating(x)], {});
}
