import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { floating } from "./operand.ts";

export const log1pOp: Op<object> = defineElementwise({
  name: "log1p",
  arity: 1,
  accepts: floats,
  scalar: Math.log1p,
  grad: ({ grad }, x) => [div(grad, add(x, 1))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-0.8, 2] }] }],
});

/**
 * y = ln(1 + x), exact also near 0, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.log1p.html
 *
 * @example
 * ```ts
 * import { log1p, tensor } from "@graftjs/tensor";
 *
 * console.log(log1p(tensor([0, 1e-8, -1])).toNested()); // [0, 1.0000e-8, -Infinity]
 * ```
 */
export function log1p(x: Tensor): Tensor {
  return apply1(log1pOp, [floating(x)], {});
}
