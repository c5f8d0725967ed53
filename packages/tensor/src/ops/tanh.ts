import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sub } from "./sub.ts";

export const tanhOp: Op<object> = defineElementwise({
  name: "tanh",
  arity: 1,
  accepts: floats,
  scalar: Math.tanh,
  grad: ({ grad, output }) => [mul(grad, sub(1, mul(output, output)))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = tanh x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.tanh.html
 *
 * @example
 * ```ts
 * import { tanh, tensor } from "@graftjs/tensor";
 *
 * console.log(tanh(tensor([0, 1, -Infinity])).toNested()); // [0, 0.7616, -1]
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return apply1(tanhOp, [floating(x)], {});
}
