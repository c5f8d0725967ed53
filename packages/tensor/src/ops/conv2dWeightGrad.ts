import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import { type Conv2dAttrs, conv2dOp, forEachProduct } from "./conv2d.ts";
import { conv2dInputGradOp } from "./conv2dInputGrad.ts";
import { oneOutput } from "./define.ts";

/** Attributes of the gradient of a convolution with respect to its weight. */
export interface Conv2dWeightGradAttrs extends Conv2dAttrs {
  readonly weightShape: Shape;
}

/** The gradient of `conv2d` with respect to its weight, from that of its output [N, O, H', W'] and the input [N, C, H, W]. */
export const conv2dWeightGradOp: Op<Conv2dWeightGradAttrs> = {
  name: "conv2dWeightGrad",
  kind: "kernel",
  infer: ({ weightShape }, grad) => oneOutput(weightShape, grad),
  grad: ({ grad: outer, attrs, needs }, grad, x) => {
    const { weightShape: _, ...conv } = attrs;
    return [
      needs(0) ? apply1(conv2dOp, [x, outer], conv) : null,
      needs(1) ? apply1(conv2dInputGradOp, [grad, outer], { ...conv, inputShape: x.shape }) : null,
    ];
  },
  reference: ({ attrs, output }, grad, x) => {
    const total = new Float64Array(output.data.length);
    forEachProduct(attrs, x.shape, attrs.weightShape, (o, i, w) => {
      total[w] = (total[w] as number) + (grad.data[o] as number) * (x.data[i] as number);
    });
    output.data.set(total);
  },
  samples: [
    {
      attrs: { ...attrs(), weightShape: [4, 3, 3, 3] },
      inputs: [
        [2, 4, 3, 4],
        [2, 3, 5, 6],
      ],
    },
    {
      attrs: { ...attrs(), stride: [2, 2], padding: [1, 1, 1, 1], weightShape: [5, 3, 3, 3] },
      inputs: [
        [1, 5, 4, 4],
        [1, 3, 7, 8],
      ],
    },
    {
      attrs: { ...attrs(), weightShape: [7, 6, 1, 1] },
      inputs: [
        [2, 7, 3, 5],
        [2, 6, 3, 5],
      ],
    },
    {
      attrs: { ...attrs(), groups: 4, padding: [1, 1, 1, 1], weightShape: [4, 1, 3, 3] },
      inputs: [
        [2, 4, 6, 9],
        [2, 4, 6, 9],
      ],
    },
    {
      attrs: { ...attrs(), groups: 3, padding: [2, 2, 2, 2], stride: [2, 2], weightShape: [6, 1, 5, 5] },
      inputs: [
        [1, 6, 4, 4],
        [1, 3, 7, 8],
      ],
    },
    {
      attrs: { ...attrs(), groups: 2, dilation: [2, 1], weightShape: [6, 2, 2, 3] },
      inputs: [
        [1, 6, 4, 3],
        [1, 4, 6, 5],
      ],
    },
  ],
};

function attrs(): Conv2dAttrs {
  return { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };
}
