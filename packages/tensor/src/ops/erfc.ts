import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { erfcOf } from "./erf.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { floating } from "./operand.ts";

export const erfcOp: Op<object> = defineElementwise({
  name: "erfc",
  arity: 1,
  accepts: floats,
  scalar: erfcOf,
  grad: ({ grad }, x) => [mul(grad, mul(-2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-3, 4] }] }],
});

/**
 * y = 1 - erf x = 2/√π ∫ₓ^∞ e^(-t²) dt, exact also where that is small, element-wise;
 * of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.erfc.html
 *
 * @example
 * ```ts
 * import { erfc, tensor } from "@graftjs/tensor";
 *
 * console.log(erfc(tensor([0, 1, 5])).toNested()); // [1, 0.1573, 1.5375e-12]
 * ```
 */
export function erfc(x: Tensor): Tensor {
  return apply1(erfcOp, [floating(x)], {});
}
