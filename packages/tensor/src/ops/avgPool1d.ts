import type { Tensor } from "../tensor.ts";
import { avgPool2d } from "./avgPool2d.ts";
import { asPlanes } from "./batched.ts";
import { type Size1d, single } from "./conv1d.ts";
import { type Pool1dOptions, planarOptions } from "./pool.ts";

/** Options of {@link avgPool1d}. A divisor and windows with gaps are more than PyTorch knows, and what ONNX needs. */
export interface AvgPool1dOptions extends Pool1dOptions {
  /** Whether padding counts as zeros in the average. Default `true`. */
  readonly countIncludePad?: boolean;
  /** What the sum of a window is divided by instead of its count: an integer other than 0. */
  readonly divisorOverride?: number | null;
}

/**
 * Mean of each window of [N, C, L] or [C, L]. Defaults: stride = kernel size, padding 0 and counted in, lengths rounded
 * down; rounded up, a window may hang over the end, but starts inside, and what hangs over does not count.
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html
 *
 * @example
 * ```ts
 * import { avgPool1d, tensor } from "@graftjs/tensor";
 *
 * console.log(avgPool1d(tensor([[1, 2, 3, 4]]), 2, { stride: 1 }).toNested()); // [[1.5, 2.5, 3.5]]
 * console.log(avgPool1d(tensor([[1, 2, 3, 4]]), 2, { padding: 1, countIncludePad: false }).toNested()); // [[1, 2.5, 4]]
 * ```
 */
export function avgPool1d(x: Tensor, kernelSize: Size1d, options: AvgPool1dOptions = {}): Tensor {
  return asPlanes("avgPool1d", x, (planes) => avgPool2d(planes, [1, single(kernelSize)], planarOptions(options)));
}
