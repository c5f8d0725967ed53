import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { zerosLike } from "./full.ts";

export const ceilOp: Op<object> = defineElementwise({
  name: "ceil",
  arity: 1,
  accepts: floats,
  scalar: Math.ceil,
  grad: ({ grad }) => [zerosLike(grad)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = the smallest integer >= x, element-wise; of the shape and dtype of `x`. The gradient is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.ceil.html
 *
 * @example
 * ```ts
 * import { ceil, tensor } from "@graftjs/tensor";
 *
 * console.log(ceil(tensor([-1.5, 0.2, 2])).toNested()); // [-1, 1, 2]
 * ```
 */
export function ceil(x: Tensor): Tensor {
  return x.dtype === "int32" ? x : apply1(ceilOp, [x], {});
}
