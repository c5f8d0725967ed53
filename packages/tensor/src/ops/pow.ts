import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { equal } from "./equal.ts";
import { log } from "./log.ts";
import { mul } from "./mul.ts";
import { type Operand, operands } from "./operand.ts";
import { sub } from "./sub.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const powOp: Op<object> = defineElementwise({
  name: "pow",
  arity: 2,
  accepts: floats,
  scalar: (x, y) => x ** y,
  grad: ({ grad, output, needs }, x, y) => [
    // x⁰ is 1 everywhere and 0^y is 0 for y > 0, where the formulas would give 0 · ∞.
    needs(0) ? sumTo(where(equal(y, 0), 0, mul(grad, mul(y, pow(x, sub(y, 1))))), x.shape) : null,
    needs(1) ? sumTo(where(equal(output, 0), 0, mul(grad, mul(output, log(x)))), y.shape) : null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 3], range: [0.3, 2] },
        { shape: [3], range: [-2, 3] },
      ],
    },
  ],
});

/**
 * x^y, element-wise; the operands broadcast together, the result has the operands' dtype.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.pow.html
 */
export function pow(x: Operand, y: Operand): Tensor {
  return apply1(powOp, operands(x, y), {});
}
