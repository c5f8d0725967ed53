import type { Tensor } from "../tensor.ts";
import { isnan } from "./isnan.ts";
import { lessEqual } from "./lessEqual.ts";
import { logicalOr } from "./logicalOr.ts";
import { type Operand, operands } from "./operand.ts";
import { where } from "./where.ts";

/**
 * The smaller of x and y, element-wise, or the one that is not NaN; the operands broadcast together, the result has their
 * {@link resultType}. Of equal operands x has the gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.fmin.html
 *
 * @example
 * ```ts
 * import { fmin, tensor } from "@graftjs/tensor";
 *
 * console.log(fmin(tensor([1, NaN, 5]), 3).toNested()); // [1, 3, 3]
 * ```
 */
export function fmin(x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  return where(logicalOr(lessEqual(a, b), isnan(b)), a, b);
}
