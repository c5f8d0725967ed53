import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineComparison } from "./binary.ts";
import { type Operand, operands } from "./operand.ts";

export const notEqualOp: Op<object> = defineComparison("notEqual", (x, y) => x !== y);

/**
 * Whether x ≠ y, element-wise; the operands broadcast together, of any dtypes; the result is bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.ne.html
 *
 * @example
 * ```ts
 * import { notEqual, tensor } from "@graftjs/tensor";
 *
 * console.log(notEqual(tensor([1, 2, NaN]), tensor([1, 3, NaN])).toNested()); // [0, 1, 1]
 * ```
 */
export function notEqual(x: Operand, y: Operand): Tensor {
  return apply1(notEqualOp, operands(x, y), {});
}
