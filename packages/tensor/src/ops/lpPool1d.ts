import type { Tensor } from "../tensor.ts";
import { asPlanes } from "./batched.ts";
import { type Size1d, single } from "./conv1d.ts";
import { lpPool2d } from "./lpPool2d.ts";
import type { Pool1dOptions } from "./pool.ts";

/** Options of {@link lpPool1d}. */
export type LPPool1dOptions = Pick<Pool1dOptions, "stride" | "ceilMode">;

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, L] or [C, L], for p = ±∞ the largest and the smallest |x|; NaN where the sum is
 * negative, which odd p allow. The gradient where the sum is 0 is 0. Defaults: stride = kernel size, lengths rounded down.
 * @throws {ShapeError} if the window is larger than the input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html
 *
 * @example
 * ```ts
 * import { lpPool1d, tensor } from "@graftjs/tensor";
 *
 * console.log(lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2).toNested()); // [[5, 10]]
 * ```
 */
export function lpPool1d(x: Tensor, p: number, kernelSize: Size1d, options: LPPool1dOptions = {}): Tensor {
  const { stride = kernelSize, ceilMode = false } = options;
  return asPlanes("lpPool1d", x, (planes) =>
    lpPool2d(planes, p, [1, single(kernelSize)], { stride: [1, single(stride)], ceilMode }),
  );
}
