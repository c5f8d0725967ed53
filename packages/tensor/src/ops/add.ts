import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { logicalOr } from "./logicalOr.ts";
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
 * x + y, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * Of bools it is whether either holds.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.add.html
 *
 * @example
 * ```ts
 * import { add, tensor } from "@graftjs/tensor";
 *
 * console.log(add(tensor([[1, 2], [3, 4]]), tensor([10, 20])).toNested()); // [[11, 22], [13, 24]]
 * console.log(add(tensor([1, 2]), 0.5).toNested()); // [1.5, 2.5]
 * ```
 */
export function add(x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  return a.dtype === "bool" ? logicalOr(a, b) : apply1(addOp, [a, b], {});
}
