import type { Tensor } from "../tensor.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { isnan } from "./isnan.ts";
import { logicalOr } from "./logicalOr.ts";
import { type Operand, operands } from "./operand.ts";
import { where } from "./where.ts";

/**
 * The larger of x and y, element-wise, or the one that is not NaN; the operands broadcast together, the result has their
 * {@link resultType}. Of equal operands x has the gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.fmax.html
 *
 * @example
 * ```ts
 * import { fmax, tensor } from "@graftjs/tensor";
 *
 * console.log(fmax(tensor([1, NaN, 5]), 3).toNested()); // [3, 3, 5]
 * ```
 */
export function fmax(x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  return where(logicalOr(greaterEqual(a, b), isnan(b)), a, b);
}
