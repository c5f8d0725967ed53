import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool2d } from "./adaptiveAvgPool2d.ts";
import { type AdaptiveSize3d, poolTwice, separateAdaptive } from "./pool3d.ts";

/**
 * Means over windows that divide [N, C, D, H, W] or [C, D, H, W] into an output of the given depth, height and width,
 * whatever the input's: from ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. A size of `null` is that of the input.
 *
 * Differs from PyTorch: an output size of 0 is an error.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool3d.html
 *
 * @example
 * ```ts
 * import { adaptiveAvgPool3d, ones } from "@graftjs/tensor";
 *
 * console.log(adaptiveAvgPool3d(ones([1, 2, 5, 4, 3]), [2, null, 1]).shape); // [1, 2, 2, 4, 1]
 * ```
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: AdaptiveSize3d): Tensor {
  const { slices, depth } = separateAdaptive(outputSize);
  return poolTwice(
    "adaptiveAvgPool3d",
    x,
    (planes) => adaptiveAvgPool2d(planes, slices),
    (columns) => adaptiveAvgPool2d(columns, depth),
  );
}
