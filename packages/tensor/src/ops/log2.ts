import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const log2Op: Op<object> = defineElementwise({
  name: "log2",
  arity: 1,
  accepts: floats,
  scalar: Math.log2,
  grad: ({ grad }, x) => [div(grad, mul(x, Math.LN2))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [0.2, 3] }] }],
});

/**
 * y = log₂ x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * NaN below 0, -Infinity at 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.log2.html
 *
 * @example
 * ```ts
 * import { log2, tensor } from "@graftjs/tensor";
 *
 * console.log(log2(tensor([1, 8, 0.5])).toNested()); // [0, 3, -1]
 * ```
 */
export function log2(x: Tensor): Tensor {
  return apply1(log2Op, [floating(x)], {});
}
