import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { mul } from "./mul.ts";
import { forEachReduction } from "./reduce.ts";
import type { SoftmaxAttrs } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/** Gradient of softmax, of its result y: dx = y · (dy - Σ dy · y). */
export const softmaxGradOp: Op<SoftmaxAttrs> = {
  name: "softmaxGrad",
  kind: "kernel",
  infer: (_, dy, y) => {
    checkSameDType("softmaxGrad", floats, dy.dtype, y?.dtype as never);
    return oneOutput(dy.shape, dy);
  },
  grad: ({ grad, attrs: { axis }, needs }, dy, y) => {
    const total = (x: Tensor): Tensor => sum(x, { axes: axis, keepDims: true });
    return [
      needs(0) ? softmaxGrad(grad, y, axis) : null,
      needs(1) ? sub(mul(grad, sub(dy, total(mul(dy, y)))), mul(dy, total(mul(grad, y)))) : null,
    ];
  },
  reference: ({ attrs, output }, dy, y) => {
    forEachReduction(y, [attrs.axis], (_, offsets) => {
      let total = 0;
      for (const i of offsets) total += (dy.data[i] as number) * (y.data[i] as number);
      for (const i of offsets) output.data[i] = (y.data[i] as number) * ((dy.data[i] as number) - total);
    });
  },
  samples: [
    {
      attrs: { axis: 1 },
      inputs: [
        [3, 5],
        [3, 5],
      ],
    },
    {
      attrs: { axis: 1 },
      inputs: [
        [2, 4, 3],
        [2, 4, 3],
      ],
    },
  ],
};

export function softmaxGrad(dy: Tensor, y: Tensor, axis: number): Tensor {
  return apply1(softmaxGradOp, [dy, y], { axis });
}
