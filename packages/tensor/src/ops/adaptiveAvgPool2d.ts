import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool2dGradOp } from "./adaptiveAvgPool2dGrad.ts";
import { pair, type Size2d } from "./conv2d.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { adaptiveWindows } from "./pool.ts";

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
 * Means over windows that divide [N, C, H, W] into an output of the given height and width, whatever the input's.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: Size2d): Tensor {
  return apply1(adaptiveAvgPool2dOp, [x], { outputSize: pair(outputSize) });
}
