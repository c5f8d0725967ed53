import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sub } from "./sub.ts";

export const sigmoidOp: Op<object> = defineElementwise({
  name: "sigmoid",
  arity: 1,
  accepts: floats,
  scalar: (x) => 1 / (1 + Math.exp(-x)),
  grad: ({ grad, output }) => [mul(grad, mul(output, sub(1, output)))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = 1 / (1 + e^-x), element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.sigmoid.html
 *
 * @example
 * ```ts
 * import { sigmoid, tensor } from "@graftjs/tensor";
 *
 * console.log(sigmoid(tensor([0, 2, -1000])).toNested()); // [0.5, 0.8808, 0]
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return apply1(sigmoidOp, [floating(x)], {});
}
