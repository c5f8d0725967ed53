import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { bits, bitwiseAnd } from "./bitwiseAnd.ts";
import { logicalOr } from "./logicalOr.ts";
import type { Operand } from "./operand.ts";
import { sub } from "./sub.ts";

/**
 * The bits that x or y has, element-wise, of int32 in two's complement: x + y - (x & y); of bools whether one holds. The
 * operands broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if an operand is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_or.html
 *
 * @example
 * ```ts
 * import { bitwiseOr, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseOr(tensor(Int32Array.of(12, -1)), 10).toNested()); // [14, -1]
 * ```
 */
export function bitwiseOr(x: Operand, y: Operand): Tensor {
  const [a, b] = bits("bitwiseOr", x, y) as [Tensor, Tensor];
  return a.dtype === "bool" ? logicalOr(a, b) : sub(add(a, b), bitwiseAnd(a, b));
}
