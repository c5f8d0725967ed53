import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { equal } from "./equal.ts";
import { less } from "./less.ts";
import { mul } from "./mul.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const maximumOp: Op<object> = defineElementwise({
  name: "maximum",
  arity: 2,
  accepts: ["float32", "float64", "int32", "bool"],
  scalar: (x, y) => Math.max(x, y),
  grad: ({ grad }, x, y) => {
    // Equal operands share the gradient; beside NaN both get all of it, as in PyTorch.
    const half = mul(grad, 0.5);
    const share = (a: Tensor, b: Tensor): Tensor => where(equal(a, b), half, where(less(a, b), 0, grad));
    return [sumTo(share(x, y), x.shape), sumTo(share(y, x), y.shape)];
  },
  samples: binarySamples,
});

/**
 * The larger of x and y, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * NaN if either is; equal operands share the gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.maximum.html
 *
 * @example
 * ```ts
 * import { maximum, tensor } from "@graftjs/tensor";
 *
 * console.log(maximum(tensor([1, 5, NaN]), 3).toNested()); // [3, 5, NaN]
 * ```
 */
export function maximum(x: Operand, y: Operand): Tensor {
  return apply1(maximumOp, operands(x, y), {});
}
