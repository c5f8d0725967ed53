import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats } from "./define.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { type ReduceOptions, reduceAttrs } from "./reduce.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/** Options of {@link variance}. */
export interface VarianceOptions extends ReduceOptions {
  /** What is taken off the count in the denominator: 1 (default) for the unbiased estimate, 0 for the biased one. */
  readonly correction?: number;
}

/** @see deviations */
export interface Deviations {
  readonly centered: Tensor;
  readonly axes: readonly number[];
  readonly share: number;
}

/**
 * Σ (x - mean)² / (n - correction) over axes. The sum is one of the dtype of `x`, and infinite beyond its range, where
 * PyTorch's is one of float64.
 * @throws {ShapeError} if an axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.var.html
 *
 * @example
 * ```ts
 * import { tensor, variance } from "@graftjs/tensor";
 *
 * const x = tensor([1, 2, 3, 4]);
 * console.log(variance(x).item(), variance(x, { correction: 0 }).item()); // 1.6667 1.25
 * ```
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  const { centered, axes, share } = deviations("variance", x, options);
  return mul(sum(square(centered), { axes, keepDims: options.keepDims ?? false }), share);
}

/** x - mean over axes, and what a sum of squares is multiplied by for the variance. */
export function deviations(op: string, x: Tensor, options: VarianceOptions): Deviations {
  checkSameDType(op, floats, x.dtype);
  const { axes } = reduceAttrs(op, x, options);
  const count = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
  const share = 1 / Math.max(0, count - (options.correction ?? 1));
  return { centered: sub(x, mean(x, { axes, keepDims: true })), axes, share };
}
