import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { bits, bitwiseAnd } from "./bitwiseAnd.ts";
import { mul } from "./mul.ts";
import { notEqual } from "./notEqual.ts";
import type { Operand } from "./operand.ts";
import { sub } from "./sub.ts";

/**
 * The bits that exactly one of x and y has, element-wise, of int32 in two's complement: x + y - 2 · (x & y); of bools whether
 * exactly one holds. The operands broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if an operand is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_xor.html
 *
 * @example
 * ```ts
 * import { bitwiseXor, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseXor(tensor(Int32Array.of(12, -1)), 10).toNested()); // [6, -11]
 * ```
 */
export function bitwiseXor(x: Operand, y: Operand): Tensor {
  const [a, b] = bits("bitwiseXor", x, y) as [Tensor, Tensor];
  return a.dtype === "bool" ? notEqual(a, b) : sub(add(a, b), mul(bitwiseAnd(a, b), 2));
}
