import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineComparison } from "./binary.ts";
import { type Operand, operands } from "./operand.ts";

export const lessEqualOp: Op<object> = defineComparison("lessEqual", (x, y) => x <= y);

/**
 * Whether x <= y, element-wise; the operands broadcast together, of any dtypes; the result is bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.le.html
 *
 * @example
 * ```ts
 * import { lessEqual, tensor } from "@graftjs/tensor";
 *
 * console.log(lessEqual(tensor([1, 2, 3]), 2).toNested()); // [1, 1, 0]
 * ```
 */
export function lessEqual(x: Operand, y: Operand): Tensor {
  return apply1(lessEqualOp, operands(x, y), {});
}
