import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { forEachReduction } from "./reduce.ts";
import type { SoftmaxAttrs } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/** Gradient of logSoftmax, of its result y: dx = dy - e^y · Σ dy. */
export const logSoftmaxGradOp: Op<SoftmaxAttrs> = {
  name: "logSoftmaxGrad",
  kind: "kernel",
  infer: (_, dy, y) => {
    checkSameDType("logSoftmaxGrad", floats, dy.dtype, y?.dtype as never);
    return oneOutput(dy.shape, dy);
  },
  grad: ({ grad, attrs: { axis }, needs }, dy, y) => {
    const total = (x: Tensor): Tensor => sum(x, { axes: axis, keepDims: true });
    return [
      needs(0) ? sub(grad, total(mul(grad, exp(y)))) : null,
      needs(1) ? neg(mul(mul(grad, exp(y)), total(dy))) : null,
    ];
  },
  reference: ({ attrs, output }, dy, y) => {
    forEachReduction(y, [attrs.axis], (_, offsets) => {
      let total = 0;
      for (const i of offsets) total += dy.data[i] as number;
      for (const i of offsets) output.data[i] = (dy.data[i] as number) - Math.exp(y.data[i] as number) * total;
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
      attrs: { axis: 0 },
      inputs: [
        [4, 3],
        [4, 3],
      ],
    },
  ],
};

export function logSoftmaxGrad(dy: Tensor, y: Tensor, axis: number): Tensor {
  return apply1(logSoftmaxGradOp, [dy, y], { axis });
}
