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
 */
export function lpPool2d(x: Tensor, p: number, kernelSize: Size2d, options: LPPool2dOptions = {}): Tensor {
  if (p === Number.POSITIVE_INFINITY) return maxPool2d(abs(x), kernelSize, options);
  if (p === Number.NEGATIVE_INFINITY) return neg(maxPool2d(neg(abs(x)), kernelSize, options));
  const means = avgPool2d(pow(x, p), kernelSize, options);
  // The value is that of the means; the detour keeps the root's infinite slope at 0 out of the gradient.
  return pow(mul(mul(sign(means.detach()), relu(abs(means))), numel(pair(kernelSize))), 1 / p);
}
