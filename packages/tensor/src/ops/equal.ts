import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineComparison } from "./binary.ts";
import { type Operand, operands } from "./operand.ts";

export const equalOp: Op<object> = defineComparison("equal", (x, y) => x === y);

/**
 * Whether x = y, element-wise; the operands broadcast together, of any dtypes; the result is bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.eq.html
 *
 * @example
 * ```ts
 * import { equal, tensor } from "@graftjs/tensor";
 *
 * console.log(equal(tensor([1, 2, NaN]), tensor([1, 3, NaN])).toNested()); // [1, 0, 0]
 * ```
 */
export function equal(x: Operand, y: Operand): Tensor {
  return apply1(equalOp, operands(x, y), {});
}
