import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";
import { sub } from "./sub.ts";

export const atanhOp: Op<object> = defineElementwise({
  name: "atanh",
  arity: 1,
  accepts: floats,
  scalar: Math.atanh,
  grad: ({ grad }, x) => [div(grad, sub(1, mul(x, x)))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-0.9, 0.9] }] }],
});

/**
 * y = the number whose hyperbolic tangent is x, element-wise;
 * of the shape and dtype of `x` (float32 if that is int32 or bool). Infinite at 1 and -1, NaN beyond.
 * Source: https://pytorch.org/docs/stable/generated/torch.atanh.html
 *
 * @example
 * ```ts
 * import { atanh, tensor } from "@graftjs/tensor";
 *
 * console.log(atanh(tensor([0, 0.5, 1])).toNested()); // [0, 0.5493, Infinity]
 * ```
 */
export function atanh(x: Tensor): Tensor {
  return apply1(atanhOp, [floating(x)], {});
}
