import { isFloat } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { equal } from "./equal.ts";
import { isnan } from "./isnan.ts";
import { where } from "./where.ts";

/** Options of {@link nanToNum}. */
export interface NanToNumOptions {
  /** What replaces NaN. Default 0. */
  readonly nan?: number;
  /** What replaces Infinity. Default: the largest number of the dtype. */
  readonly posinf?: number;
  /** What replaces -Infinity. Default: the smallest number of the dtype. */
  readonly neginf?: number;
}

/**
 * `x` with finite numbers in place of NaN and infinities, element-wise; of the shape and dtype of `x`. What is replaced gets
 * no gradient.
 * Source: https://pytorch.org/docs/stable/generated/torch.nan_to_num.html
 *
 * @example
 * ```ts
 * import { nanToNum, tensor } from "@graftjs/tensor";
 *
 * console.log(nanToNum(tensor([NaN, Infinity, 1]), { posinf: 100 }).toNested()); // [0, 100, 1]
 * ```
 */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  if (!isFloat(x.dtype)) return x;
  const largest = x.dtype === "float32" ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE;
  const { nan = 0, posinf = largest, neginf = -largest } = options;
  const bounded = where(
    equal(x, Number.POSITIVE_INFINITY),
    posinf,
    where(equal(x, Number.NEGATIVE_INFINITY), neginf, x),
  );
  return where(isnan(x), nan, bounded);
}
