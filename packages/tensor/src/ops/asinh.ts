import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { rsqrt } from "./rsqrt.ts";

export const asinhOp: Op<object> = defineElementwise({
  name: "asinh",
  arity: 1,
  accepts: floats,
  scalar: Math.asinh,
  grad: ({ grad }, x) => [mul(grad, rsqrt(add(mul(x, x), 1)))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = the number whose hyperbolic sine is x, element-wise;
 * of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.asinh.html
 *
 * @example
 * ```ts
 * import { asinh, tensor } from "@graftjs/tensor";
 *
 * console.log(asinh(tensor([0, 1, -1])).toNested()); // [0, 0.8814, -0.8814]
 * ```
 */
export function asinh(x: Tensor): Tensor {
  return apply1(asinhOp, [floating(x)], {});
}
