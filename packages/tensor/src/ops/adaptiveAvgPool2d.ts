import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool2dGradOp } from "./adaptiveAvgPool2dGrad.ts";
import { batched } from "./batched.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { type AdaptiveSize2d, adaptiveSize, adaptiveWindows } from "./pool.ts";

export interface AdaptivePoolAttrs {
  readonly outputSize: readonly [height: number, width: number];
}

export const adaptiveAvgPool2dOp: Op<AdaptivePoolAttrs> = {
  name: "adaptiveAvgPool2d",
  kind: "kernel",
  infer: ({ outputSize }, x) => {
    checkSameDType("adaptiveAvgPool2d", floats, x.dtype);
    if (
      x.shape.length !== 4 ||
      x.shape.some((d, i) => i > 1 && d < 1) ||
      !outputSize.every((d) => Number.isInteger(d) && d >= 1)
    ) {
      throw new ShapeError({
        op: "adaptiveAvgPool2d",
        expected: "[N, C, H, W] and an output size >= 1",
        got: `${formatShape(x.shape)} and ${formatShape(outputSize)}`,
      });
    }
    return oneOutput([...x.shape.slice(0, 2), ...outputSize], x);
  },
  grad: ({ grad }, x) => [apply1(adaptiveAvgPool2dGradOp, [grad], { inputSize: x.shape.slice(2) as [number, number] })],
  reference: ({ attrs, output }, x) => {
    const size = x.shape.slice(2) as [number, number];
    const windows = adaptiveWindows(size, attrs.outputSize);
    for (let o = 0; o < output.data.length; o++) {
      const base = Math.floor(o / windows.length) * size[0] * size[1];
      const window = windows[o % windows.length] as number[];
      let total = 0;
      for (const offset of window) total += x.data[base + offset] as number;
      output.data[o] = total / window.length;
    }
  },
  samples: [
    { attrs: { outputSize: [1, 1] }, inputs: [[2, 3, 4, 5]] },
    { attrs: { outputSize: [2, 3] }, inputs: [[1, 2, 5, 7]] },
    { attrs: { outputSize: [4, 4] }, inputs: [[1, 2, 3, 3]] },
  ],
};

/**
 * Means over windows that divide [N, C, H, W] or [C, H, W] into an output of the given height and width, whatever the
 * input's: from ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. A size of `null` is that of the input.
 *
 * Differs from PyTorch: an output size of 0 is an error.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 *
 * @example
 * ```ts
 * import { adaptiveAvgPool2d, ones, tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]);
 * console.log(adaptiveAvgPool2d(image, [1, 2]).toNested()); // [[[3.5, 5.5]]]
 * console.log(adaptiveAvgPool2d(ones([2, 3, 17, 9]), [null, 4]).shape); // [2, 3, 17, 4]
 * ```
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptiveSize2d): Tensor {
  return batched(x, 4, (planes) =>
    apply1(adaptiveAvgPool2dOp, [planes], { outputSize: adaptiveSize(outputSize, planes.shape) }),
  );
}
