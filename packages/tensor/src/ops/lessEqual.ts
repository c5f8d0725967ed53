import { apply1 } from "../apply.ts";
import type { DType } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";

import { checkSameDType, defineElementwise } from "./define.ts";
import { type Operand, operands } from "./operand.ts";

export const lessEqualOp: Op<object> = defineElementwise({
  name: "lessEqual",
  arity: 2,
  dtype: (_, x, y) => {
    checkSameDType("lessEqual", ["float32", "float64", "int32", "bool"], x as DType, y as DType);
    return "bool";
  },
  scalar: (x, y) => (x <= y ? 1 : 0),
  samples: [
    { attrs: {}, inputs: [[2, 3], [3]] },
    {
      attrs: {},
      inputs: [
        { shape: [2, 2], dtype: "int32", values: [1, 2, 3, 4] },
        { shape: [2], dtype: "int32", values: [1, 3] },
      ],
    },
  ],
});

/**
 * Whether x <= y, element-wise; the operands broadcast together, the result has bool.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the dtypes differ.
 * Source: https://pytorch.org/docs/stable/generated/torch.le.html
 */
export function lessEqual(x: Operand, y: Operand): Tensor {
  return apply1(lessEqualOp, operands(x, y), {});
}
