import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { max } from "./max.ts";
import { mul } from "./mul.ts";
import { squeeze } from "./reshape.ts";
import { smoothSqrt } from "./smoothSqrt.ts";
import { square } from "./square.ts";
import { sum } from "./sum.ts";
import { deviations, type VarianceOptions } from "./variance.ts";
import { where } from "./where.ts";

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
  const { centered, axes, share } = deviations("std", x, options);
  const scale = scaleOf(centered.detach(), axes);
  const y = mul(smoothSqrt(mul(sum(square(div(centered, scale)), { axes, keepDims: true }), share)), scale);
  return options.keepDims ? y : squeeze(y, axes);
}

/** The largest deviation, in shares of which squares neither overflow nor vanish; 1 where there is none. */
function scaleOf(centered: Tensor, axes: readonly number[]): Tensor | number {
  if (centered.size === 0) return 1;
  const largest = max(abs(centered), { axes, keepDims: true });
  return where(equal(largest, 0), 1, largest);
}
