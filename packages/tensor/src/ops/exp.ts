import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const expOp: Op<object> = defineElementwise({
  name: "exp",
  arity: 1,
  accepts: floats,
  scalar: Math.exp,
  grad: ({ grad, output }) => [mul(grad, output)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = e^x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.exp.html
 *
 * @example
 * ```ts
 * import { exp, tensor } from "@graftjs/tensor";
 *
 * console.log(exp(tensor([0, 1, -Infinity])).toNested()); // [1, 2.7183, 0]
 * ```
 */
export function exp(x: Tensor): Tensor {
  return apply1(expOp, [floating(x)], {});
}
