import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { logSoftmaxGrad } from "./logSoftmaxGrad.ts";
import { forEachReduction } from "./reduce.ts";
import type { SoftmaxAttrs } from "./softmax.ts";

export const logSoftmaxOp: Op<SoftmaxAttrs> = {
  name: "logSoftmax",
  kind: "kernel",
  infer: (_, x) => {
    checkSameDType("logSoftmax", floats, x.dtype);
    return oneOutput(x.shape, x);
  },
  grad: ({ grad, output, attrs }) => [logSoftmaxGrad(grad, output, attrs.axis)],
  reference: ({ attrs, output }, x) => {
    forEachReduction(x, [attrs.axis], (_, offsets) => {
      let largest = Number.NEGATIVE_INFINITY;
      for (const i of offsets) largest = Math.max(largest, x.data[i] as number);
      let total = 0;
      for (const i of offsets) total += Math.exp((x.data[i] as number) - largest);
      const logTotal = Math.log(total);
      for (const i of offsets) output.data[i] = (x.data[i] as number) - largest - logTotal;
    });
  },
  samples: [
    { attrs: { axis: 1 }, inputs: [[3, 5]] },
    { attrs: { axis: 0 }, inputs: [[4, 3]] },
  ],
};

/**
 * y = x - ln Σ e^x along `axis` (default the last), without overflow.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
 *
 * @example
 * ```ts
 * import { logSoftmax, tensor } from "@graftjs/tensor";
 *
 * console.log(logSoftmax(tensor([0, 1000])).toNested()); // [-1000, 0]
 * console.log(logSoftmax(tensor([1, 1])).toNested()); // [-0.6931, -0.6931]
 * ```
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return apply1(logSoftmaxOp, [x], { axis: normalizeAxis("logSoftmax", axis, x.rank) });
}
