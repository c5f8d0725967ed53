import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const mulOp: Op<object> = defineElementwise({
  name: "mul",
  arity: 2,
  scalar: (x, y) => x * y,
  integer: Math.imul,
  grad: ({ grad, needs }, x, y) => [
    needs(0) ? sumTo(mul(grad, y), x.shape) : null,
    needs(1) ? sumTo(mul(grad, x), y.shape) : null,
  ],
  samples: binarySamples,
});

/**
 * x · y, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * Of bools it is whether both hold.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.mul.html
 *
 * @example
 * ```ts
 * import { mul, tensor } from "@graftjs/tensor";
 *
 * console.log(mul(tensor([[1], [2]]), tensor([3, 4])).toNested()); // [[3, 4], [6, 8]]
 * ```
 */
export function mul(x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  return a.dtype === "bool" ? logicalAnd(a, b) : apply1(mulOp, [a, b], {});
}
