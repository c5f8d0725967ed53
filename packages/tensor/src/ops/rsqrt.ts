import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const rsqrtOp: Op<object> = defineElementwise({
  name: "rsqrt",
  arity: 1,
  accepts: floats,
  scalar: (x) => 1 / Math.sqrt(x),
  grad: ({ grad, output }) => [mul(grad, mul(-0.5, mul(output, mul(output, output))))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [0.2, 3] }] }],
});

/**
 * y = 1 / sqrt(x), element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.rsqrt.html
 *
 * @example
 * ```ts
 * import { rsqrt, tensor } from "@graftjs/tensor";
 *
 * console.log(rsqrt(tensor([1, 4, 0])).toNested()); // [1, 0.5, Infinity]
 * ```
 */
export function rsqrt(x: Tensor): Tensor {
  return apply1(rsqrtOp, [floating(x)], {});
}
