import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";

export const negOp: Op<object> = defineElementwise({
  name: "neg",
  arity: 1,
  scalar: (x) => -x,
  grad: ({ grad }) => [neg(grad)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = -x, element-wise; of the shape and dtype of `x`.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.neg.html
 *
 * @example
 * ```ts
 * import { neg, tensor } from "@graftjs/tensor";
 *
 * console.log(neg(tensor([1, -2])).toNested()); // [-1, 2]
 * ```
 */
export function neg(x: Tensor): Tensor {
  return apply1(negOp, [x], {});
}
