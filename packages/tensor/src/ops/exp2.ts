import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const exp2Op: Op<object> = defineElementwise({
  name: "exp2",
  arity: 1,
  accepts: floats,
  scalar: (x) => 2 ** x,
  grad: ({ grad, output }) => [mul(grad, mul(output, Math.LN2))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = 2^x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.exp2.html
 *
 * @example
 * ```ts
 * import { exp2, tensor } from "@graftjs/tensor";
 *
 * console.log(exp2(tensor([0, 3, -1])).toNested()); // [1, 8, 0.5]
 * ```
 */
export function exp2(x: Tensor): Tensor {
  return apply1(exp2Op, [floating(x)], {});
}
