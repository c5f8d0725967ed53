import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { zerosLike } from "./full.ts";

export const truncOp: Op<object> = defineElementwise({
  name: "trunc",
  arity: 1,
  accepts: floats,
  scalar: Math.trunc,
  grad: ({ grad }) => [zerosLike(grad)],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-4, 4] }] }],
});

/**
 * y = x without its fraction, element-wise; of the shape and dtype of `x`. The gradient is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.trunc.html
 *
 * @example
 * ```ts
 * import { tensor, trunc } from "@graftjs/tensor";
 *
 * console.log(trunc(tensor([-1.7, 0.2, 2.9])).toNested()); // [-1, 0, 2]
 * ```
 */
export function trunc(x: Tensor): Tensor {
  return x.dtype === "int32" ? x : apply1(truncOp, [x], {});
}
