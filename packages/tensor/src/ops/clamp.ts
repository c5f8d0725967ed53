import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { lessEqual } from "./lessEqual.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const clampOp: Op<object> = defineElementwise({
  name: "clamp",
  arity: 3,
  accepts: floats,
  scalar: clampOf,
  grad: ({ grad }, x, low, high) => [
    sumTo(where(logicalAnd(greaterEqual(x, low), lessEqual(x, high)), grad, 0), x.shape),
    null,
    null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [[2, 5], { shape: [], dtype: "float32", values: [-0.5] }, { shape: [], dtype: "float32", values: [1] }],
    },
  ],
});

/** min(max(x, low), high); NaN stays NaN. */
export function clampOf(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/**
 * y = min(max(x, low), high), element-wise; of the shape and dtype of `x`. The gradient is 1 on [low, high], bounds
 * included, else 0; the bounds get none.
 * @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.clamp.html
 */
export function clamp(x: Tensor, low: Operand, high: Operand): Tensor {
  return apply1(clampOp, operands(x, low, high), {});
}
