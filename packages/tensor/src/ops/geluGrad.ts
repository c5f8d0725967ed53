import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { erfOf } from "./erf.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";
import { sumTo } from "./sumTo.ts";

const DENSITY = 1 / Math.sqrt(2 * Math.PI);

/** Gradient of gelu: dx = dy · (Φ(x) + x · φ(x)), with φ(x) = e^(-x² / 2) / √(2π). */
export const geluGradOp: Op<object> = defineElementwise({
  name: "geluGrad",
  arity: 2,
  accepts: floats,
  scalar: (dy, x) => dy * ((1 + erfOf(x * Math.SQRT1_2)) / 2 + x * DENSITY * Math.exp((-x * x) / 2)),
  grad: ({ grad, needs }, dy, x) => {
    // d/dx (Φ + x·φ) = (2 - x²)·φ
    const bend = () => mul(sub(2, mul(x, x)), mul(exp(mul(mul(x, x), -0.5)), DENSITY));
    return [
      needs(0) ? sumTo(geluGrad(grad, x), dy.shape) : null,
      needs(1) ? sumTo(mul(mul(grad, dy), bend()), x.shape) : null,
    ];
  },
  samples: [
    {
      attrs: {},
      inputs: [
        [2, 3],
        [2, 3],
      ],
    },
    { attrs: {}, inputs: [[9], { shape: [9], range: [-4, 4] }] },
  ],
});

export function geluGrad(dy: Tensor, x: Tensor): Tensor {
  return apply1(geluGradOp, [dy, x], {});
}
