import { numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { avgPool3d } from "./avgPool3d.ts";
import { type Size3d, triple } from "./conv3d.ts";
import { lpPooled } from "./lpPool2d.ts";
import { maxPool3d } from "./maxPool3d.ts";
import type { Pool3dOptions } from "./pool3d.ts";

/** Options of {@link lpPool3d}. */
export type LPPool3dOptions = Pick<Pool3dOptions, "stride" | "ceilMode">;

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, D, H, W] or [C, D, H, W], for p = ±∞ the largest and the smallest |x|; NaN where
 * the sum is negative, which odd p allow. The gradient where the sum is 0 is 0. Defaults: stride = kernel size, sizes
 * rounded down; of a window that hangs over the end, the mean times the full size counts, as in PyTorch.
 * @throws {ShapeError} if the window is larger than the input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool3d.html
 *
 * @example
 * ```ts
 * import { lpPool3d, ones } from "@graftjs/tensor";
 *
 * console.log(lpPool3d(ones([1, 2, 2, 1]), 2, [2, 2, 1]).toNested()); // [[[[2]]]]
 * ```
 */
export function lpPool3d(x: Tensor, p: number, kernelSize: Size3d, options: LPPool3dOptions = {}): Tensor {
  return lpPooled(x, p, numel(triple(kernelSize)), {
    max: (t) => maxPool3d(t, kernelSize, options),
    avg: (t) => avgPool3d(t, kernelSize, options),
  });
}
