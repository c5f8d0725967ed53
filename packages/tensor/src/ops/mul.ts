import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const mulOp: Op<object> = defineElementwise({
  name: "mul",
  arity: 2,
  scalar: (x, y) => x * y,
  grad: ({ grad, needs }, x, y) => [
    needs(0) ? sumTo(mul(grad, y), x.shape) : null,
    needs(1) ? sumTo(mul(grad, x), y.shape) : null,
  ],
  samples: binarySamples,
});

/**
 * x · y, element-wise; the operands broadcast together, the result has the operands' dtype.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ.
 * Source: https://pytorch.org/docs/stable/generated/torch.mul.html
 */
export function mul(x: Operand, y: Operand): Tensor {
  return apply1(mulOp, operands(x, y), {});
}
