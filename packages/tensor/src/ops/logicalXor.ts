import type { Tensor } from "../tensor.ts";
import { notEqual } from "./notEqual.ts";
import { type Operand, truths } from "./operand.ts";

/**
 * Whether exactly one of x and y holds, element-wise; the operands broadcast together, the result is bool. Whatever is not
 * 0 holds.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.logical_xor.html
 *
 * @example
 * ```ts
 * import { logicalXor, tensor } from "@graftjs/tensor";
 *
 * console.log(logicalXor(tensor([true, true, false]), tensor([true, false, false])).toNested()); // [0, 1, 0]
 * ```
 */
export function logicalXor(x: Operand, y: Operand): Tensor {
  const [a, b] = truths(x, y) as [Tensor, Tensor];
  return notEqual(a, b);
}
