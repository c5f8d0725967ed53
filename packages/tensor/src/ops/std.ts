import type { Tensor } from "../tensor.ts";
import { smoothSqrt } from "./smoothSqrt.ts";
import { type VarianceOptions, variance } from "./variance.ts";

/**
 * √(Σ (x - mean)² / (n - correction)) over axes, unbiased by default. The gradient is 0 where it is 0.
 * @throws {ShapeError} if an axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.std.html
 *
 * @example
 * ```ts
 * import { std, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([1, 2, 3, 4]);
 * console.log(std(x).item(), std(x, { correction: 0 }).item()); // 1.291 1.118
 * ```
 */
export function std(x: Tensor, options: VarianceOptions = {}): Tensor {
  return smoothSqrt(variance(x, options));
}
