import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { cos } from "./cos.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const sinOp: Op<object> = defineElementwise({
  name: "sin",
  arity: 1,
  accepts: floats,
  scalar: Math.sin,
  grad: ({ grad }, x) => [mul(grad, cos(x))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = sin x, in radians, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.sin.html
 *
 * @example
 * ```ts
 * import { sin, tensor } from "@graftjs/tensor";
 *
 * console.log(sin(tensor([0, Math.PI / 6, Math.PI / 2])).toNested()); // [0, 0.5, 1]
 * ```
 */
export function sin(x: Tensor): Tensor {
  return apply1(sinOp, [floating(x)], {});
}
