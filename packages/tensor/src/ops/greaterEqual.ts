import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineComparison } from "./binary.ts";
import { type Operand, operands } from "./operand.ts";

export const greaterEqualOp: Op<object> = defineComparison("greaterEqual", (x, y) => x >= y);

/**
 * Whether x >= y, element-wise; the operands broadcast together, of any dtypes; the result is bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.ge.html
 *
 * @example
 * ```ts
 * import { greaterEqual, tensor } from "@graftjs/tensor";
 *
 * console.log(greaterEqual(tensor([1, 2, 3]), 2).toNested()); // [0, 1, 1]
 * ```
 */
export function greaterEqual(x: Operand, y: Operand): Tensor {
  return apply1(greaterEqualOp, operands(x, y), {});
}
