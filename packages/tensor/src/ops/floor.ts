import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { zerosLike } from "./full.ts";

export const floorOp: Op<object> = defineElementwise({
  name: "floor",
  arity: 1,
  accepts: floats,
  scalar: Math.floor,
  grad: ({ grad }) => [zerosLike(grad)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = the largest integer <= x, element-wise; of the shape and dtype of `x`. The gradient is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.floor.html
 *
 * @example
 * ```ts
 * import { floor, tensor } from "@graftjs/tensor";
 *
 * console.log(floor(tensor([-1.5, 0.2, 2])).toNested()); // [-2, 0, 2]
 * ```
 */
export function floor(x: Tensor): Tensor {
  return x.dtype === "int32" ? x : apply1(floorOp, [x], {});
}
