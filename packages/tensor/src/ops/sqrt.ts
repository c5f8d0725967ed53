import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const sqrtOp: Op<object> = defineElementwise({
  name: "sqrt",
  arity: 1,
  accepts: floats,
  scalar: Math.sqrt,
  grad: ({ grad, output }) => [div(grad, mul(output, 2))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [0.2, 3] }] }],
});

/**
 * y = the square root of x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool). NaN below 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.sqrt.html
 *
 * @example
 * ```ts
 * import { sqrt, tensor } from "@graftjs/tensor";
 *
 * console.log(sqrt(tensor([4, 2, -1])).toNested()); // [2, 1.4142, NaN]
 * ```
 */
export function sqrt(x: Tensor): Tensor {
  return apply1(sqrtOp, [floating(x)], {});
}
