import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const log10Op: Op<object> = defineElementwise({
  name: "log10",
  arity: 1,
  accepts: floats,
  scalar: Math.log10,
  grad: ({ grad }, x) => [div(grad, mul(x, Math.LN10))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [0.2, 3] }] }],
});

/**
 * y = log₁₀ x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * NaN below 0, -Infinity at 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.log10.html
 *
 * @example
 * ```ts
 * import { log10, tensor } from "@graftjs/tensor";
 *
 * console.log(log10(tensor([1, 1000, 0.1])).toNested()); // [0, 3, -1]
 * ```
 */
export function log10(x: Tensor): Tensor {
  return apply1(log10Op, [floating(x)], {});
}
