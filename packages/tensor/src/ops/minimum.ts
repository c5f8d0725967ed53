import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { equal } from "./equal.ts";
import { greater } from "./greater.ts";
import { mul } from "./mul.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const minimumOp: Op<object> = defineElementwise({
  name: "minimum",
  arity: 2,
  accepts: ["float32", "float64", "int32", "bool"],
  scalar: (x, y) => Math.min(x, y),
  grad: ({ grad }, x, y) => {
    // Equal operands share the gradient; beside NaN both get all of it, as in PyTorch.
    const half = mul(grad, 0.5);
    const share = (a: Tensor, b: Tensor): Tensor => where(equal(a, b), half, where(greater(a, b), 0, grad));
    return [sumTo(share(x, y), x.shape), sumTo(share(y, x), y.shape)];
  },
  samples: binarySamples,
});

/**
 * The smaller of x and y, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * NaN if either is; equal operands share the gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.minimum.html
 *
 * @example
 * ```ts
 * import { minimum, tensor } from "@graftjs/tensor";
 *
 * console.log(minimum(tensor([1, 5, NaN]), 3).toNested()); // [1, 3, NaN]
 * ```
 */
export function minimum(x: Operand, y: Operand): Tensor {
  return apply1(minimumOp, operands(x, y), {});
}
