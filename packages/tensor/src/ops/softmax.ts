import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { forEachReduction } from "./reduce.ts";
import { softmaxGrad } from "./softmaxGrad.ts";

export interface SoftmaxAttrs {
  readonly axis: number;
}

export const softmaxOp: Op<SoftmaxAttrs> = {
  name: "softmax",
  kind: "kernel",
  infer: (_, x) => {
    checkSameDType("softmax", floats, x.dtype);
    return oneOutput(x.shape, x);
  },
  grad: ({ grad, output, attrs }) => [softmaxGrad(grad, output, attrs.axis)],
  reference: ({ attrs, output }, x) => {
    forEachReduction(x, [attrs.axis], (_, offsets) => {
      let largest = Number.NEGATIVE_INFINITY;
      for (const i of offsets) largest = Math.max(largest, x.data[i] as number);
      let total = 0;
      for (const i of offsets) total += Math.exp((x.data[i] as number) - largest);
      for (const i of offsets) output.data[i] = Math.exp((x.data[i] as number) - largest) / total;
    });
  },
  samples: [
    { attrs: { axis: 1 }, inputs: [[3, 5]] },
    { attrs: { axis: 1 }, inputs: [[2, 4, 3]] },
  ],
};

/**
 * y = e^x / Σ e^x along `axis` (default the last); sums to 1.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
 *
 * @example
 * ```ts
 * import { softmax, tensor } from "@graftjs/tensor";
 *
 * console.log(softmax(tensor([[0, 0], [0, 1]])).toNested()); // [[0.5, 0.5], [0.2689, 0.7311]]
 * console.log(softmax(tensor([[0, 0], [0, 1]]), 0).toNested()); // [[0.5, 0.2689], [0.5, 0.7311]]
 * ```
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  return apply1(softmaxOp, [x], { axis: normalizeAxis("softmax", axis, x.rank) });
}
