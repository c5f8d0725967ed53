import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";

export const acoshOp: Op<object> = defineElementwise({
  name: "acosh",
  arity: 1,
  accepts: floats,
  scalar: Math.acosh,
  grad: ({ grad }, x) => [mul(grad, rsqrt(sub(mul(x, x), 1)))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [1.2, 4] }] }],
});

/**
 * y = the number >= 0 whose hyperbolic cosine is x, element-wise;
 * of the shape and dtype of `x` (float32 if that is int32 or bool). NaN below 1.
 * Source: https://pytorch.org/docs/stable/generated/torch.acosh.html
 *
 * @example
 * ```ts
 * import { acosh, tensor } from "@graftjs/tensor";
 *
 * console.log(acosh(tensor([1, 2, 0])).toNested()); // [0, 1.317, NaN]
 * ```
 */
export function acosh(x: Tensor): Tensor {
  return apply1(acoshOp, [floating(x)], {});
}
