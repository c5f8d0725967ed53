import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const atan2Op: Op<object> = defineElementwise({
  name: "atan2",
  arity: 2,
  accepts: floats,
  scalar: Math.atan2,
  grad: ({ grad, needs }, y, x) => {
    const square = add(mul(x, x), mul(y, y));
    const scaled = where(equal(square, 0), 0, div(grad, square));
    return [needs(0) ? sumTo(mul(scaled, x), y.shape) : null, needs(1) ? sumTo(neg(mul(scaled, y)), x.shape) : null];
  },
  samples: [
    {
      attrs: {},
      inputs: [[2, 3], { shape: [3], range: [0.3, 2] }],
    },
    { attrs: {}, inputs: [[4], { shape: [2, 1], range: [-2, -0.3] }] },
  ],
});

/**
 * The angle of the point (x, y), in (-π, π], element-wise; the operands broadcast together, int32 and bool become float32.
 * The gradient at (0, 0) is 0.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.atan2.html
 *
 * @example
 * ```ts
 * import { atan2, tensor } from "@graftjs/tensor";
 *
 * console.log(atan2(tensor([1, 1, -1]), tensor([1, -1, -1])).toNested()); // [0.7854, 2.3562, -2.3562]
 * ```
 */
export function atan2(y: Operand, x: Operand): Tensor {
  return apply1(atan2Op, floatOperands(y, x), {});
}
