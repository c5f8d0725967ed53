import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, defineElementwise } from "./define.ts";
import { type Operand, operands } from "./operand.ts";

export const bitwiseAndOp: Op<object> = defineElementwise({
  name: "bitwiseAnd",
  arity: 2,
  accepts: ["int32", "bool"],
  scalar: (x, y) => x & y,
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 3], dtype: "int32", values: [12, -7, 255, 2147483647, -2147483648, 0] },
        { shape: [2, 1], dtype: "int32", values: [10, -86] },
      ],
    },
    {
      attrs: {},
      inputs: [
        { shape: [4], dtype: "bool", values: [0, 1, 0, 1] },
        { shape: [4], dtype: "bool", values: [0, 0, 1, 1] },
      ],
    },
  ],
});

/** Operands as tensors of int32, or of bool where all are. @throws {DTypeError} of floats. */
export function bits(op: string, ...list: readonly Operand[]): Tensor[] {
  const tensors = operands(...list);
  for (const { dtype } of tensors) checkSameDType(op, ["int32", "bool"], dtype);
  return tensors;
}

/**
 * The bits that both x and y have, element-wise, of int32 in two's complement; of bools whether both hold. The operands
 * broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if an operand is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_and.html
 *
 * @example
 * ```ts
 * import { bitwiseAnd, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseAnd(tensor(Int32Array.of(12, -1)), 10).toNested()); // [8, 10]
 * ```
 */
export function bitwiseAnd(x: Operand, y: Operand): Tensor {
  return apply1(bitwiseAndOp, bits("bitwiseAnd", x, y), {});
}
