import { apply1 } from "../apply.ts";
import { ArgumentError } from "../errors.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { avgPool2dGradOp } from "./avgPool2dGrad.ts";
import { batched } from "./batched.ts";
import type { Size2d } from "./conv2d.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { mean } from "./mean.ts";
import { divisorOf, type PoolAttrs, type PoolOptions, poolAttrs, poolOutputSize, poolWindows } from "./pool.ts";

export const avgPool2dOp: Op<PoolAttrs> = {
  name: "avgPool2d",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("avgPool2d", floats, x.dtype);
    const { divisorOverride = 1 } = attrs;
    if (!Number.isInteger(divisorOverride) || divisorOverride === 0) {
      throw new ArgumentError({
        op: "avgPool2d",
        expected: "a divisor that is an integer, not 0",
        got: `${divisorOverride}`,
      });
    }
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
      output.data[o] = total / divisorOf(attrs, window);
    }
  },
  samples: [
    { attrs: poolAttrs(2, {}), inputs: [[2, 3, 4, 6]] },
    { attrs: poolAttrs(3, { stride: 2, padding: 1 }), inputs: [[1, 2, 7, 8]] },
    { attrs: poolAttrs(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }), inputs: [[1, 2, 6, 7]] },
    { attrs: poolAttrs(3, { padding: 1, ceilMode: true, divisorOverride: 4 }), inputs: [[1, 2, 6, 7]] },
  ],
};

/** A mean of windows with gaps is more than PyTorch knows, and what ONNX has since operator set 19. */
export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as zeros in the average. Default `true`, as in PyTorch (ONNX: `false`). */
  readonly countIncludePad?: boolean;
  /** What the sum of a window is divided by instead of its count: an integer other than 0. */
  readonly divisorOverride?: number | null;
}

/**
 * Mean of each window of [N, C, H, W] or [C, H, W]. Defaults: stride = kernel size, padding 0 and counted in, sizes
 * rounded down; rounded up, a window may hang over the end, but starts inside, and what hangs over does not count.
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
 *
 * @example
 * ```ts
 * import { avgPool2d, tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]);
 * console.log(avgPool2d(image, 2).toNested()); // [[[3.5, 5.5]]]
 * console.log(avgPool2d(image, 2, { divisorOverride: 1 }).toNested()); // [[[14, 22]]]
 * ```
 */
export function avgPool2d(x: Tensor, kernelSize: Size2d, options: AvgPoolOptions = {}): Tensor {
  return batched(x, 4, (planes) => apply1(avgPool2dOp, [planes], poolAttrs(kernelSize, options)));
}

/**
 * Mean over the plane: [N, C, H, W] to [N, C, 1, 1]. Source: https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
 *
 * @example
 * ```ts
 * import { globalAvgPool2d, tensor } from "@graftjs/tensor";
 *
 * console.log(globalAvgPool2d(tensor([[[[1, 2], [3, 4]]]])).toNested()); // [[[[2.5]]]]
 * ```
 */
export function globalAvgPool2d(x: Tensor): Tensor {
  return mean(x, { axes: [2, 3], keepDims: true });
}
