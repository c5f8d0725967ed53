import type { Tensor } from "../tensor.ts";
import { adaptiveMaxPool2d, adaptiveMaxPool2dWithIndices } from "./adaptiveMaxPool2d.ts";
import { type AdaptiveSize3d, poolTwice, poolTwiceWithIndices, separateAdaptive } from "./pool3d.ts";

/**
 * Largest values of windows that divide [N, C, D, H, W] or [C, D, H, W] into an output of the given depth, height and
 * width, whatever the input's: from ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. A size of `null` is that of the input. NaN if a window
 * has one; the gradient goes to the first of several.
 *
 * Differs from PyTorch: an output size of 0 is an error.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool3d.html
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool3d, tensor } from "@graftjs/tensor";
 *
 * console.log(adaptiveMaxPool3d(tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]), [2, 1, 1]).toNested()); // [[[[4]], [[8]]]]
 * ```
 */
export function adaptiveMaxPool3d(x: Tensor, outputSize: AdaptiveSize3d): Tensor {
  const { slices, depth } = separateAdaptive(outputSize);
  return poolTwice(
    "adaptiveMaxPool3d",
    x,
    (planes) => adaptiveMaxPool2d(planes, slices),
    (columns) => adaptiveMaxPool2d(columns, depth),
  );
}

/**
 * {@link adaptiveMaxPool3d}, and where each maximum is: its offset (d · H + h) · W + w into the volume, int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool3dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = adaptiveMaxPool3dWithIndices(tensor([1, 9, 3, 4], [1, 4, 1, 1]), 1);
 * console.log(values.item(), indices.item()); // 9 1
 * ```
 */
export function adaptiveMaxPool3dWithIndices(
  x: Tensor,
  outputSize: AdaptiveSize3d,
): { values: Tensor; indices: Tensor } {
  const { slices, depth } = separateAdaptive(outputSize);
  return poolTwiceWithIndices(
    "adaptiveMaxPool3d",
    x,
    (planes) => adaptiveMaxPool2dWithIndices(planes, slices),
    (columns) => adaptiveMaxPool2dWithIndices(columns, depth),
  );
}
