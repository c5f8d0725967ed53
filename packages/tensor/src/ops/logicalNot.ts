import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { defineElementwise } from "./define.ts";

export const logicalNotOp: Op<object> = defineElementwise({
  name: "logicalNot",
  arity: 1,
  accepts: ["bool"],
  scalar: (x) => 1 - x,
  samples: [{ attrs: {}, inputs: [{ shape: [2], dtype: "bool", values: [0, 1] }] }],
});

/**
 * Whether not x, element-wise: whether it is 0; of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.logical_not.html
 *
 * @example
 * ```ts
 * import { logicalNot, tensor } from "@graftjs/tensor";
 *
 * console.log(logicalNot(tensor([0, 2, NaN])).toNested()); // [1, 0, 0]
 * ```
 */
export function logicalNot(x: Tensor): Tensor {
  return apply1(logicalNotOp, [cast(x, "bool")], {});
}
