import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const hypotOp: Op<object> = defineElementwise({
  name: "hypot",
  arity: 2,
  accepts: floats,
  scalar: Math.hypot,
  grad: ({ grad, output, needs }, x, y) => [
    needs(0) ? sumTo(mul(grad, div(x, output)), x.shape) : null,
    needs(1) ? sumTo(mul(grad, div(y, output)), y.shape) : null,
  ],
  samples: [
    { attrs: {}, inputs: [[2, 3], { shape: [3], range: [0.3, 2] }] },
    { attrs: {}, inputs: [[4], { shape: [2, 1], range: [-2, -0.3] }] },
  ],
});

/**
 * sqrt(x² + y²) without overflow, element-wise; the operands broadcast together, int32 and bool become float32.
 * The gradient at (0, 0) is NaN.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.hypot.html
 *
 * @example
 * ```ts
 * import { hypot, tensor } from "@graftjs/tensor";
 *
 * console.log(hypot(tensor([3, 1e30]), tensor([4, 0])).toNested()); // [5, 1e30]
 * ```
 */
export function hypot(x: Operand, y: Operand): Tensor {
  return apply1(hypotOp, floatOperands(x, y), {});
}
