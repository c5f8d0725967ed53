import { numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { avgPool2d } from "./avgPool2d.ts";
import { pair, type Size2d } from "./conv2d.ts";
import { maxPool2d } from "./maxPool2d.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import type { PoolOptions } from "./pool.ts";
import { pow } from "./pow.ts";
import { relu } from "./relu.ts";
import { sign } from "./sign.ts";

/** Options of {@link lpPool2d}. */
export type LPPool2dOptions = Pick<PoolOptions, "stride" | "ceilMode">;

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, H, W] or [C, H, W], for p = ±∞ the largest and the smallest |x|; NaN where the
 * sum is negative, which odd p allow. The gradient where the sum is 0 is 0. Defaults: stride = kernel size, sizes rounded
 * down; of a window that hangs over the end, the mean times the full size counts, as in PyTorch.
 * @throws {ShapeError} if the window is larger than the input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html
 *
 * @example
 * ```ts
 * import { lpPool2d, tensor } from "@graftjs/tensor";
 *
 * console.log(lpPool2d(tensor([[[1, 1, 3, 0], [1, 1, 0, 4]]]), 2, 2).toNested()); // [[[2, 5]]]
 * ```
 */
export function lpPool2d(x: Tensor, p: number, kernelSize: Size2d, options: LPPool2dOptions = {}): Tensor {
  return lpPooled(x, p, numel(pair(kernelSize)), {
    max: (t) => maxPool2d(t, kernelSize, options),
    avg: (t) => avgPool2d(t, kernelSize, options),
  });
}

/** (Σ xᵖ)^(1/p) over windows of so many elements, whose maxima and means are given. */
export function lpPooled(
  x: Tensor,
  p: number,
  elements: number,
  pools: { readonly max: (x: Tensor) => Tensor; readonly avg: (x: Tensor) => Tensor },
): Tensor {
  if (p === Number.POSITIVE_INFINITY) return pools.max(abs(x));
  if (p === Number.NEGATIVE_INFINITY) return neg(pools.max(neg(abs(x))));
  const means = pools.avg(pow(x, p));
  // The value is that of the means; the detour keeps the root's infinite slope at 0 out of the gradient.
  return pow(mul(mul(sign(means.detach()), relu(abs(means))), elements), 1 / p);
}
