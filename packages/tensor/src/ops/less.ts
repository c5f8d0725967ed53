import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineComparison } from "./binary.ts";
import { type Operand, operands } from "./operand.ts";

export const lessOp: Op<object> = defineComparison("less", (x, y) => x < y);

/**
 * Whether x < y, element-wise; the operands broadcast together, of any dtypes; the result is bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.lt.html
 *
 * @example
 * ```ts
 * import { less, tensor } from "@graftjs/tensor";
 *
 * console.log(less(tensor([1, 2, 3]), 2).toNested()); // [1, 0, 0]
 * ```
 */
export function less(x: Operand, y: Operand): Tensor {
  return apply1(lessOp, operands(x, y), {});
}
