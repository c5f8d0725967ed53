import type { Tensor } from "../tensor.ts";
import { avgPool2d } from "./avgPool2d.ts";
import type { Size3d } from "./conv3d.ts";
import { type Pool3dOptions, poolTwice, separatePools } from "./pool3d.ts";

/** Options of {@link avgPool3d}. A mean of windows with gaps is more than PyTorch knows, and what ONNX has. */
export interface AvgPool3dOptions extends Pool3dOptions {
  /** Whether padding counts as zeros in the average. Default `true`, as in PyTorch (ONNX: `false`). */
  readonly countIncludePad?: boolean;
  /** What the sum of a window is divided by instead of its count: an integer other than 0. */
  readonly divisorOverride?: number | null;
}

/**
 * Mean of each window of [N, C, D, H, W] or [C, D, H, W]. Defaults: stride = kernel size, padding 0 and counted in, sizes
 * rounded down; rounded up, a window may hang over the end, but starts inside, and what hangs over does not count.
 * Padding is one number for all sides, [depth, height, width], or [front, top, left, back, bottom, right].
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool3d.html
 *
 * @example
 * ```ts
 * import { avgPool3d, tensor } from "@graftjs/tensor";
 *
 * console.log(avgPool3d(tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]), 2).toNested()); // [[[[4.5]]]]
 * ```
 */
export function avgPool3d(x: Tensor, kernelSize: Size3d, options: AvgPool3dOptions = {}): Tensor {
  const { divisorOverride = null, ...rest } = options;
  const { slices, depth } = separatePools(kernelSize, rest);
  // With a divisor of its own, the pool of slices gives sums.
  const first = divisorOverride === null ? null : 1;
  return poolTwice(
    "avgPool3d",
    x,
    (planes) => avgPool2d(planes, slices[0], { ...slices[1], divisorOverride: first }),
    (columns) => avgPool2d(columns, depth[0], { ...depth[1], divisorOverride }),
  );
}
