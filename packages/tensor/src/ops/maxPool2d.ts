import { apply } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { batchedAll } from "./batched.ts";
import type { Size2d } from "./conv2d.ts";
import { checkSameDType, floats } from "./define.ts";
import { maxPool2dGrad } from "./maxPool2dGrad.ts";
import { type PoolAttrs, type PoolOptions, poolAttrs, poolOutputSize, poolWindows } from "./pool.ts";

/** Outputs: the values, and for each the offset of its maximum into the input plane (int32). */
export const maxPool2dOp: Op<PoolAttrs> = {
  name: "maxPool2d",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("maxPool2d", floats, x.dtype);
    const shape = [...x.shape.slice(0, 2), ...poolOutputSize("maxPool2d", attrs, x.shape)];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: "int32" },
    ];
  },
  grad: ({ grad, outputs }, x) => [maxPool2dGrad(grad, outputs[1] as Tensor, x.shape.slice(2) as [number, number])],
  reference: ({ attrs, output, outputs }, x) => {
    const indices = outputs[1]?.data as Int32Array;
    const [height, width, outHeight, outWidth] = [...x.shape.slice(2), ...output.shape.slice(2)] as [
      number,
      number,
      number,
      number,
    ];
    const windows = poolWindows(attrs, [height, width], [outHeight, outWidth]);
    for (let o = 0; o < output.data.length; o++) {
      const base = Math.floor(o / windows.length) * height * width;
      const { offsets } = windows[o % windows.length] as { offsets: number[] };
      let best = offsets[0] as number;
      for (const offset of offsets) {
        const value = x.data[base + offset] as number;
        // The first maximum stays; as in PyTorch, NaN wins, the last one if there are several.
        if (value > (x.data[base + best] as number) || Number.isNaN(value)) best = offset;
      }
      output.data[o] = x.data[base + best] as number;
      indices[o] = best;
    }
  },
  samples: [
    { attrs: poolAttrs(2, {}), inputs: [[2, 3, 4, 6]] },
    { attrs: poolAttrs(3, { stride: 2, padding: 1 }), inputs: [[1, 2, 7, 8]] },
    { attrs: poolAttrs(3, { stride: 2, ceilMode: true }), inputs: [[1, 2, 6, 7]] },
    { attrs: poolAttrs([2, 3], { stride: 1, dilation: 2 }), inputs: [[1, 1, 5, 7]] },
  ],
};

/**
 * Largest value of each window of [N, C, H, W] or [C, H, W], NaN if it has one; padding counts as -∞. The gradient goes to
 * the first of several. Defaults: stride = kernel size, padding 0, dilation 1, sizes rounded down; rounded up, a window
 * may hang over the end, but starts inside.
 *
 * Differs from PyTorch: padding may be as large as the window less one, not only half of it.
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
 *
 * @example
 * ```ts
 * import { maxPool2d, ones, tensor } from "@graftjs/tensor";
 *
 * console.log(maxPool2d(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]), 2).toNested()); // [[[6, 8]]]
 * console.log(maxPool2d(ones([1, 64, 112, 112]), 3, { stride: 2, padding: 1 }).shape); // [1, 64, 56, 56]
 * ```
 */
export function maxPool2d(x: Tensor, kernelSize: Size2d, options: PoolOptions = {}): Tensor {
  return maxPool2dWithIndices(x, kernelSize, options).values;
}

/**
 * {@link maxPool2d}, and where each maximum is: its offset h · W + w into the plane, int32, as `maxUnpool2d` takes it.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { maxPool2dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool2dWithIndices(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]), 2);
 * console.log(values.toNested(), indices.toNested()); // [[[6, 8]]] [[[5, 7]]]
 * ```
 */
export function maxPool2dWithIndices(
  x: Tensor,
  kernelSize: Size2d,
  options: PoolOptions = {},
): { values: Tensor; indices: Tensor } {
  const [values, indices] = batchedAll(x, 4, (planes) => apply(maxPool2dOp, [planes], poolAttrs(kernelSize, options)));
  return { values: values as Tensor, indices: indices as Tensor };
}
