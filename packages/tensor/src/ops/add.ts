import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const addOp: Op<object> = defineElementwise({
  name: "add",
  arity: 2,
  scalar: (x, y) => x + y,
  grad: ({ grad }, x, y) => [sumTo(grad, x.shape), sumTo(grad, y.shape)],
  samples: binarySamples,
});

/**
 * x + y, element-wise; the operands broadcast together, the result has the operands' dtype.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ.
 * Source: https://pytorch.org/docs/stable/generated/torch.add.html
 */
export function add(x: Operand, y: Operand): Tensor {
  return apply1(addOp, operands(x, y), {});
}
