import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";
import { type Operand, truths } from "./operand.ts";

export const logicalOrOp: Op<object> = defineElementwise({
  name: "logicalOr",
  arity: 2,
  accepts: ["bool"],
  scalar: (x, y) => x | y,
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 2], dtype: "bool", values: [0, 1, 0, 1] },
        { shape: [2, 1], dtype: "bool", values: [0, 1] },
      ],
    },
  ],
});

/**
 * Whether x or y, element-wise; the operands broadcast together, the result is bool. Whatever is not 0 holds.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.logical_or.html
 *
 * @example
 * ```ts
 * import { logicalOr, tensor } from "@graftjs/tensor";
 *
 * console.log(logicalOr(tensor([true, true, false]), tensor([true, false, false])).toNested()); // [1, 1, 0]
 * ```
 */
export function logicalOr(x: Operand, y: Operand): Tensor {
  return apply1(logicalOrOp, truths(x, y), {});
}
