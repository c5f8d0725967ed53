import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { floating } from "./operand.ts";
import { sin } from "./sin.ts";

export const cosOp: Op<object> = defineElementwise({
  name: "cos",
  arity: 1,
  accepts: floats,
  scalar: Math.cos,
  grad: ({ grad }, x) => [neg(mul(grad, sin(x)))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = cos x, in radians, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.cos.html
 *
 * @example
 * ```ts
 * import { cos, tensor } from "@graftjs/tensor";
 *
 * console.log(cos(tensor([0, Math.PI / 3, Math.PI])).toNested()); // [1, 0.5, -1]
 * ```
 */
export function cos(x: Tensor): Tensor {
  return apply1(cosOp, [floating(x)], {});
}
