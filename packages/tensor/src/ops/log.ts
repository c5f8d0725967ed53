import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { div } from "./div.ts";
import { floating } from "./operand.ts";

export const logOp: Op<object> = defineElementwise({
  name: "log",
  arity: 1,
  accepts: floats,
  scalar: Math.log,
  grad: ({ grad }, x) => [div(grad, x)],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [0.2, 3] }] }],
});

/**
 * y = ln x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool). NaN below 0, -Infinity at 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.log.html
 *
 * @example
 * ```ts
 * import { log, tensor } from "@graftjs/tensor";
 *
 * console.log(log(tensor([1, Math.E, 0, -1])).toNested()); // [0, 1, -Infinity, NaN]
 * ```
 */
export function log(x: Tensor): Tensor {
  return apply1(logOp, [floating(x)], {});
}
