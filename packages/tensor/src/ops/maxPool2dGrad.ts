import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { gather } from "./gather.ts";
import { flatten, reshape } from "./reshape.ts";

export interface MaxPool2dGradAttrs {
  readonly inputSize: readonly [height: number, width: number];
}

/** Adds each gradient [N, C, H', W'] at the offset into the plane that its maximum came from. */
export const maxPool2dGradOp: Op<MaxPool2dGradAttrs> = {
  name: "maxPool2dGrad",
  kind: "kernel",
  infer: ({ inputSize }, grad) => oneOutput([...grad.shape.slice(0, 2), ...inputSize], grad),
  grad: ({ grad: outer }, _, indices) => [
    reshape(gather(flatten(outer, 2), flatten(indices, 2), 2), indices.shape),
    null,
  ],
  reference: ({ attrs: { inputSize }, output }, grad, indices) => {
    const plane = (grad.shape[2] as number) * (grad.shape[3] as number);
    grad.data.forEach((g, i) => {
      const at = Math.floor(i / plane) * inputSize[0] * inputSize[1] + (indices.data[i] as number);
      output.data[at] = (output.data[at] as number) + g;
    });
  },
  samples: [
    {
      attrs: { inputSize: [3, 4] },
      inputs: [[1, 2, 2, 2], { shape: [1, 2, 2, 2], dtype: "int32", values: [0, 5, 5, 11, 1, 1, 6, 7] }],
    },
  ],
};

export function maxPool2dGrad(grad: Tensor, indices: Tensor, inputSize: readonly [number, number]): Tensor {
  return apply1(maxPool2dGradOp, [grad, indices], { inputSize });
}
