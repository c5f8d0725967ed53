import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { floating } from "./operand.ts";
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";

export const acosOp: Op<object> = defineElementwise({
  name: "acos",
  arity: 1,
  accepts: floats,
  scalar: Math.acos,
  grad: ({ grad }, x) => [neg(mul(grad, rsqrt(sub(1, mul(x, x)))))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-0.9, 0.9] }] }],
});

/**
 * y = arccos x, in [0, π], element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * NaN outside of [-1, 1].
 * Source: https://pytorch.org/docs/stable/generated/torch.acos.html
 *
 * @example
 * ```ts
 * import { acos, tensor } from "@graftjs/tensor";
 *
 * console.log(acos(tensor([1, 0, -1])).toNested()); // [0, 1.5708, 3.1416]
 * ```
 */
export function acos(x: Tensor): Tensor {
  return apply1(acosOp, [floating(x)], {});
}
