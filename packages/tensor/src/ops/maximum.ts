import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise, floats } from "./define.ts";
import { equal } from "./equal.ts";
import { greater } from "./greater.ts";
import { mul } from "./mul.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const maximumOp: Op<object> = defineElementwise({
  name: "maximum",
  arity: 2,
  accepts: floats,
  scalar: (x, y) => Math.max(x, y),
  grad: ({ grad }, x, y) => {
    // Equal operands share the gradient.
    const half = mul(grad, 0.5);
    const share = (a: Tensor, b: Tensor): Tensor => where(equal(a, b), half, where(greater(a, b), grad, 0));
    return [sumTo(share(x, y), x.shape), sumTo(share(y, x), y.shape)];
  },
  samples: binarySamples,
});

/**
 * The larger of x and y, element-wise; the operands broadcast together, the result has the operands' dtype. NaN if either is; equal operands share the gradient.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.maximum.html
 */
export function maximum(x: Operand, y: Operand): Tensor {
  return apply1(maximumOp, operands(x, y), {});
}
