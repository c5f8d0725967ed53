import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { fmod } from "./fmod.ts";
import { less } from "./less.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { notEqual } from "./notEqual.ts";
import { type Operand, operands } from "./operand.ts";
import { where } from "./where.ts";

/**
 * x - y · floor(x / y), the remainder with the sign of y, element-wise; the operands broadcast together.
 * By 0 it is NaN, and 0 for int32, where PyTorch throws.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if both operands are bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.remainder.html
 *
 * @example
 * ```ts
 * import { remainder, tensor } from "@graftjs/tensor";
 *
 * console.log(remainder(tensor([-7, 7]), 3).toNested()); // [2, 1]
 * ```
 */
export function remainder(x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  const rest = fmod(a, b);
  const opposite = notEqual(less(b, 0), less(rest, 0));
  return where(logicalAnd(notEqual(rest, 0), opposite), add(rest, b), rest);
}
