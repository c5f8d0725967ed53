import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const atanOp: Op<object> = defineElementwise({
  name: "atan",
  arity: 1,
  accepts: floats,
  scalar: Math.atan,
  grad: ({ grad }, x) => [div(grad, add(mul(x, x), 1))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = arctan x, in [-π/2, π/2], element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.atan.html
 *
 * @example
 * ```ts
 * import { atan, tensor } from "@graftjs/tensor";
 *
 * console.log(atan(tensor([0, 1, Infinity])).toNested()); // [0, 0.7854, 1.5708]
 * ```
 */
export function atan(x: Tensor): Tensor {
  return apply1(atanOp, [floating(x)], {});
}
