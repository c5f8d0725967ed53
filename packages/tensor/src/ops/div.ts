import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const divOp: Op<object> = defineElementwise({
  name: "div",
  arity: 2,
  accepts: floats,
  scalar: (x, y) => x / y,
  grad: ({ grad, output, needs }, x, y) => [
    needs(0) ? sumTo(div(grad, y), x.shape) : null,
    needs(1) ? sumTo(neg(mul(grad, div(output, y))), y.shape) : null,
  ],
  samples: [
    { attrs: {}, inputs: [[2, 3], { shape: [3], range: [0.5, 2] }] },
    { attrs: {}, inputs: [[4], { shape: [2, 1], range: [-2, -0.5] }] },
  ],
});

/**
 * x / y, element-wise; the operands broadcast together, the result has the operands' dtype.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.div.html
 */
export function div(x: Operand, y: Operand): Tensor {
  return apply1(divOp, operands(x, y), {});
}
