import type { Tensor } from "../tensor.ts";
import type { Size3d } from "./conv3d.ts";
import { maxPool2d, maxPool2dWithIndices } from "./maxPool2d.ts";
import { type Pool3dOptions, poolTwice, poolTwiceWithIndices, separatePools } from "./pool3d.ts";

/**
 * Largest value of each window of [N, C, D, H, W] or [C, D, H, W], NaN if it has one; padding counts as -∞. The gradient
 * goes to the first of several. Defaults: stride = kernel size, padding 0, dilation 1, sizes rounded down; rounded up, a
 * window may hang over the end, but starts inside. Padding is one number for all sides, [depth, height, width], or
 * [front, top, left, back, bottom, right].
 *
 * Differs from PyTorch: padding may be as large as the window less one, not only half of it.
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html
 *
 * @example
 * ```ts
 * import { maxPool3d, tensor } from "@graftjs/tensor";
 *
 * console.log(maxPool3d(tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]), [1, 2, 2]).toNested()); // [[[[4]], [[8]]]]
 * ```
 */
export function maxPool3d(x: Tensor, kernelSize: Size3d, options: Pool3dOptions = {}): Tensor {
  const { slices, depth } = separatePools(kernelSize, options);
  return poolTwice(
    "maxPool3d",
    x,
    (planes) => maxPool2d(planes, ...slices),
    (columns) => maxPool2d(columns, ...depth),
  );
}

/**
 * {@link maxPool3d}, and where each maximum is: its offset (d · H + h) · W + w into the volume, int32, as `maxUnpool3d` takes
 * it.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { maxPool3dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool3dWithIndices(tensor([1, 9, 3, 4], [1, 4, 1, 1]), [2, 1, 1]);
 * console.log([...values.toArray()], [...indices.toArray()]); // [9, 4] [1, 3]
 * ```
 */
export function maxPool3dWithIndices(
  x: Tensor,
  kernelSize: Size3d,
  options: Pool3dOptions = {},
): { values: Tensor; indices: Tensor } {
  const { slices, depth } = separatePools(kernelSize, options);
  return poolTwiceWithIndices(
    "maxPool3d",
    x,
    (planes) => maxPool2dWithIndices(planes, ...slices),
    (columns) => maxPool2dWithIndices(columns, ...depth),
  );
}
