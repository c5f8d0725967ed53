import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import { type Conv2dAttrs, conv2dOp, forEachProduct } from "./conv2d.ts";
import { conv2dWeightGradOp } from "./conv2dWeightGrad.ts";
import { oneOutput } from "./define.ts";

/** Attributes of the gradient of a convolution with respect to its input. */
export interface Conv2dInputGradAttrs extends Conv2dAttrs {
  /** Shape of the convolution's input, which its output's shape does not determine. */
  readonly inputShape: Shape;
}

/**
 * The gradient of `conv2d` with respect to its input, from that of its output [N, O, H', W'] and the weight: its
 * transpose, also known as transposed convolution.
 */
export const conv2dInputGradOp: Op<Conv2dInputGradAttrs> = {
  name: "conv2dInputGrad",
  kind: "kernel",
  infer: ({ inputShape }, grad) => oneOutput(inputShape, grad),
  grad: ({ grad: outer, attrs, needs }, grad, weight) => {
    const { inputShape: _, ...conv } = attrs;
    return [
      needs(0) ? apply1(conv2dOp, [outer, weight], conv) : null,
      needs(1) ? apply1(conv2dWeightGradOp, [grad, outer], { ...conv, weightShape: weight.shape }) : null,
    ];
  },
  reference: ({ attrs, output }, grad, weight) => {
    const total = new Float64Array(output.data.length);
    forEachProduct(attrs, attrs.inputShape, weight.shape, (o, i, w) => {
      total[i] = (total[i] as number) + (grad.data[o] as number) * (weight.data[w] as number);
    });
    output.data.set(total);
  },
  samples: [
    {
      attrs: { ...attrs(), inputShape: [2, 3, 5, 6] },
      inputs: [
        [2, 4, 3, 4],
        [4, 3, 3, 3],
      ],
    },
    {
      attrs: { ...attrs(), stride: [2, 2], padding: [1, 1, 1, 1], inputShape: [1, 3, 7, 8] },
      inputs: [
        [1, 5, 4, 4],
        [5, 3, 3, 3],
      ],
    },
    {
      attrs: { ...attrs(), stride: [2, 2], inputShape: [1, 4, 5, 5] },
      inputs: [
        [1, 3, 3, 3],
        [3, 4, 1, 1],
      ],
    },
    {
      attrs: { ...attrs(), groups: 4, padding: [1, 1, 1, 1], inputShape: [2, 4, 6, 9] },
      inputs: [
        [2, 4, 6, 9],
        [4, 1, 3, 3],
      ],
    },
    {
      attrs: { ...attrs(), groups: 3, padding: [2, 2, 2, 2], stride: [2, 2], inputShape: [1, 3, 7, 8] },
      inputs: [
        [1, 6, 4, 4],
        [6, 1, 5, 5],
      ],
    },
    {
      attrs: { ...attrs(), groups: 2, dilation: [2, 1], inputShape: [1, 4, 6, 5] },
      inputs: [
        [1, 6, 4, 3],
        [6, 2, 2, 3],
      ],
    },
  ],
};

function attrs(): Conv2dAttrs {
  return { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };
}
