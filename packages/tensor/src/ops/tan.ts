import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const tanOp: Op<object> = defineElementwise({
  name: "tan",
  arity: 1,
  accepts: floats,
  scalar: Math.tan,
  grad: ({ grad, output }) => [mul(grad, add(mul(output, output), 1))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-1.4, 1.4] }] }],
});

/**
 * y = tan x, in radians, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.tan.html
 *
 * @example
 * ```ts
 * import { tan, tensor } from "@graftjs/tensor";
 *
 * console.log(tan(tensor([0, Math.PI / 4])).toNested()); // [0, 1]
 * ```
 */
export function tan(x: Tensor): Tensor {
  return apply1(tanOp, [floating(x)], {});
}
