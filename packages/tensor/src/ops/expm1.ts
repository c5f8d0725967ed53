import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const expm1Op: Op<object> = defineElementwise({
  name: "expm1",
  arity: 1,
  accepts: floats,
  scalar: Math.expm1,
  grad: ({ grad, output }) => [mul(grad, add(output, 1))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = e^x - 1, exact also near 0, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.expm1.html
 *
 * @example
 * ```ts
 * import { expm1, tensor } from "@graftjs/tensor";
 *
 * console.log(expm1(tensor([0, 1e-8, 1])).toNested()); // [0, 1.0000e-8, 1.7183]
 * ```
 */
export function expm1(x: Tensor): Tensor {
  return apply1(expm1Op, [floating(x)], {});
}
