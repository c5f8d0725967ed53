import { apply1 } from "../apply.ts";
import { isFloat } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { greater } from "./greater.ts";
import { maximum } from "./maximum.ts";
import { where } from "./where.ts";

export const reluOp: Op<object> = defineElementwise({
  name: "relu",
  arity: 1,
  accepts: floats,
  scalar: (x) => Math.max(x, 0),
  grad: ({ grad, output }) => [where(greater(output, 0), grad, 0)],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = max(x, 0), element-wise; of the shape and dtype of `x`. NaN stays NaN; the gradient at 0 is 0, and at NaN, where PyTorch passes it on.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 *
 * @example
 * ```ts
 * import { relu, tensor } from "@graftjs/tensor";
 *
 * console.log(relu(tensor([-1, 0, 2])).toNested()); // [0, 0, 2]
 * ```
 */
export function relu(x: Tensor): Tensor {
  return isFloat(x.dtype) ? apply1(reluOp, [x], {}) : maximum(x, 0);
}
