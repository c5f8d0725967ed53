import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";

export const absOp: Op<object> = defineElementwise({
  name: "abs",
  arity: 1,
  scalar: Math.abs,
  grad: ({ grad }, x) => [mul(grad, sign(x))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = |x|, element-wise; of the shape and dtype of `x`. The gradient at 0 is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.abs.html
 *
 * @example
 * ```ts
 * import { abs, tensor } from "@graftjs/tensor";
 *
 * console.log(abs(tensor([-2, 0, 3])).toNested()); // [2, 0, 3]
 * ```
 */
export function abs(x: Tensor): Tensor {
  return apply1(absOp, [x], {});
}
