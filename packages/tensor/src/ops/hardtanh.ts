import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { clampOf } from "./clamp.ts";
import { defineElementwise, floats } from "./define.ts";
import { greater } from "./greater.ts";
import { less } from "./less.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const hardtanhOp: Op<object> = defineElementwise({
  name: "hardtanh",
  arity: 3,
  accepts: floats,
  scalar: (x, low, high) => clampOf(x, low, high),
  // Of the output, which lies between the bounds where the input does: so the input need not be kept.
  grad: ({ grad, output }, x, low, high) => [
    sumTo(where(logicalAnd(greater(output, low), less(output, high)), grad, 0), x.shape),
    null,
    null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [[2, 5], { shape: [], dtype: "float32", values: [-1] }, { shape: [], dtype: "float32", values: [1] }],
    },
  ],
});

/**
 * y = min(max(x, low), high), element-wise; of the shape and dtype of `x`. As `clamp`, but with the gradient of an
 * activation: 0 at the bounds.
 * @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 *
 * @example
 * ```ts
 * import { hardtanh, tensor } from "@graftjs/tensor";
 *
 * console.log(hardtanh(tensor([-2, 0.5, 2])).toNested()); // [-1, 0.5, 1]
 * ```
 */
export function hardtanh(x: Tensor, low = -1, high = 1): Tensor {
  return apply1(hardtanhOp, operands(x, low, high), {});
}

/**
 * min(max(x, 0), 6). Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 *
 * @example
 * ```ts
 * import { relu6, tensor } from "@graftjs/tensor";
 *
 * console.log(relu6(tensor([-1, 3, 8])).toNested()); // [0, 3, 6]
 * ```
 */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, 0, 6);
}
