import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { trunc } from "./trunc.ts";

export const fmodOp: Op<object> = defineElementwise({
  name: "fmod",
  arity: 2,
  scalar: (x, y) => x % y,
  grad: ({ grad, needs }, x, y) => [
    needs(0) ? sumTo(grad, x.shape) : null,
    needs(1) ? sumTo(neg(mul(grad, trunc(div(x, y)))), y.shape) : null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 3], range: [-5, 5] },
        { shape: [3], range: [0.8, 1.6] },
      ],
    },
    {
      attrs: {},
      inputs: [
        { shape: [2, 2], dtype: "int32", values: [7, -7, 8, -1] },
        { shape: [2, 1], dtype: "int32", values: [3, -3] },
      ],
    },
  ],
});

/**
 * x - y · trunc(x / y), the remainder with the sign of x, element-wise; the operands broadcast together.
 * By 0 it is NaN, and 0 for int32, where PyTorch throws.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if both operands are bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.fmod.html
 *
 * @example
 * ```ts
 * import { fmod, tensor } from "@graftjs/tensor";
 *
 * console.log(fmod(tensor([-7, 7]), 3).toNested()); // [-1, 1]
 * ```
 */
export function fmod(x: Operand, y: Operand): Tensor {
  return apply1(fmodOp, operands(x, y), {});
}
