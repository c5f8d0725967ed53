import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";
import { zerosLike } from "./full.ts";

export const signOp: Op<object> = defineElementwise({
  name: "sign",
  arity: 1,
  scalar: (x) => Number(x > 0) - Number(x < 0),
  grad: ({ grad }) => [zerosLike(grad)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = -1, 0 or 1 by the sign of x, 0 for NaN, element-wise; of the shape and dtype of `x`. The gradient is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.sign.html
 *
 * @example
 * ```ts
 * import { sign, tensor } from "@graftjs/tensor";
 *
 * console.log(sign(tensor([-3, 0, 2])).toNested()); // [-1, 0, 1]
 * ```
 */
export function sign(x: Tensor): Tensor {
  return apply1(signOp, [x], {});
}
