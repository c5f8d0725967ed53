import type { Tensor } from "../tensor.ts";
import { equal } from "./equal.ts";
import { isinf } from "./isinf.ts";
import { lessEqual } from "./lessEqual.ts";
import { log } from "./log.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { logicalOr } from "./logicalOr.ts";
import { mul } from "./mul.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { where } from "./where.ts";

/**
 * x · ln y, 0 where x is 0 and y is a number, element-wise; the operands broadcast together, int32 and
 * bool become float32.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.xlogy.html
 *
 * @example
 * ```ts
 * import { tensor, xlogy } from "@graftjs/tensor";
 *
 * console.log(xlogy(tensor([0, 2]), tensor([0, Math.E])).toNested()); // [0, 2]
 * ```
 */
export function xlogy(x: Operand, y: Operand): Tensor {
  const [a, b] = floatOperands(x, y) as [Tensor, Tensor];
  // Where the product would be 0 · ∞, or 0 · NaN.
  const none = logicalAnd(equal(a, 0), logicalOr(lessEqual(b, 0), isinf(b)));
  return where(none, 0, mul(a, log(where(none, 1, b))));
}
