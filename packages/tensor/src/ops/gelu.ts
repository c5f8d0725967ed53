import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { erfOf } from "./erf.ts";
import { geluGrad } from "./geluGrad.ts";

export const geluOp: Op<object> = defineElementwise({
  name: "gelu",
  arity: 1,
  accepts: floats,
  scalar: (x) => (x / 2) * (1 + erfOf(x * Math.SQRT1_2)),
  grad: ({ grad }, x) => [geluGrad(grad, x)],
  samples: [
    { attrs: {}, inputs: [[2, 3]] },
    { attrs: {}, inputs: [{ shape: [9], range: [-4, 4] }] },
  ],
});

/**
 * y = x · Φ(x) = x · (1 + erf(x / √2)) / 2, element-wise; of the shape and dtype of `x`.
 * @throws {DTypeError} if `x` is not float.
 * Source: Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 *
 * @example
 * ```ts
 * import { gelu, tensor } from "@graftjs/tensor";
 *
 * console.log(gelu(tensor([-1, 0, 1])).toNested()); // [-0.1587, 0, 0.8413]
 * ```
 */
export function gelu(x: Tensor): Tensor {
  return apply1(geluOp, [x], {});
}
