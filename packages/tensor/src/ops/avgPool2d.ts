import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { avgPool2dGradOp } from "./avgPool2dGrad.ts";
import type { Size2d } from "./conv2d.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { mean } from "./mean.ts";
import { type PoolAttrs, type PoolOptions, poolAttrs, poolOutputSize, poolWindows } from "./pool.ts";

export const avgPool2dOp: Op<PoolAttrs> = {
  name: "avgPool2d",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("avgPool2d", floats, x.dtype);
    return oneOutput([...x.shape.slice(0, 2), ...poolOutputSize("avgPool2d", attrs, x.shape)], x);
  },
  grad: ({ grad, attrs }, x) => [
    apply1(avgPool2dGradOp, [grad], { ...attrs, inputSize: x.shape.slice(2) as [number, number] }),
  ],
  reference: ({ attrs, output }, x) => {
    const size = x.shape.slice(2) as [number, number];
    const windows = poolWindows(attrs, size, output.shape.slice(2) as [number, number]);
    for (let o = 0; o < output.data.length; o++) {
      const base = Math.floor(o / windows.length) * size[0] * size[1];
      const window = windows[o % windows.length] as { offsets: number[]; padded: number };
      let total = 0;
      for (const offset of window.offsets) total += x.data[base + offset] as number;
      output.data[o] = total / (attrs.countIncludePad ? window.padded : window.offsets.length);
    }
  },
  samples: [
    { attrs: poolAttrs(2, {}), inputs: [[2, 3, 4, 6]] },
    { attrs: poolAttrs(3, { stride: 2, padding: 1 }), inputs: [[1, 2, 7, 8]] },
    { attrs: poolAttrs(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }), inputs: [[1, 2, 6, 7]] },
  ],
};

export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as zeros in the average. Default `true`, as in PyTorch (ONNX: `false`). */
  readonly countIncludePad?: boolean;
}

/**
 * Mean of each window of [N, C, H, W]. Defaults: stride = kernel size, padding 0, sizes rounded down.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
 */
export function avgPool2d(x: Tensor, kernelSize: Size2d, options: AvgPoolOptions = {}): Tensor {
  return apply1(avgPool2dOp, [x], poolAttrs(kernelSize, options));
}

/** Mean over the plane: [N, C, H, W] to [N, C, 1, 1]. */
export function globalAvgPool2d(x: Tensor): Tensor {
  return mean(x, { axes: [2, 3], keepDims: true });
}
