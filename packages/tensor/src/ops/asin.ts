import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";

export const asinOp: Op<object> = defineElementwise({
  name: "asin",
  arity: 1,
  accepts: floats,
  scalar: Math.asin,
  grad: ({ grad }, x) => [mul(grad, rsqrt(sub(1, mul(x, x))))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-0.9, 0.9] }] }],
});

/**
 * y = arcsin x, in [-π/2, π/2], element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * NaN outside of [-1, 1].
 * Source: https://pytorch.org/docs/stable/generated/torch.asin.html
 *
 * @example
 * ```ts
 * import { asin, tensor } from "@graftjs/tensor";
 *
 * console.log(asin(tensor([0, 1, 2])).toNested()); // [0, 1.5708, NaN]
 * ```
 */
export function asin(x: Tensor): Tensor {
  return apply1(asinOp, [floating(x)], {});
}
