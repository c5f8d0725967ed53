import type { Tensor } from "../tensor.ts";
import { equal } from "./equal.ts";
import { isnan } from "./isnan.ts";
import { log } from "./log.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { logicalNot } from "./logicalNot.ts";
import { mul } from "./mul.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { where } from "./where.ts";

/**
 * x · ln y, 0 where x is 0 and y is a number, element-wise; the operands broadcast together, the result has their {@link resultType} (float32 if that is int32 or bool).
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.xlogy.html
 */
export function xlogy(x: Operand, y: Operand): Tensor {
  const [a, b] = floatOperands(x, y) as [Tensor, Tensor];
  const none = logicalAnd(equal(a, 0), logicalNot(isnan(b)));
  return where(none, 0, mul(a, log(where(none, 1, b))));
}
