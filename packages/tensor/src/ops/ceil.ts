import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";

export const ceilOp: Op<object> = defineElementwise({
  name: "ceil",
  arity: 1,
  accepts: floats,
  scalar: Math.ceil,
  grad: ({ grad }) => [mul(grad, 0)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = the smallest integer >= x, element-wise; of the shape and dtype of `x`. The gradient is 0.
 * @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.ceil.html
 */
export function ceil(x: Tensor): Tensor {
  return apply1(ceilOp, [x], {});
}
