import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { cast } from "./cast.ts";
import { checkSameDType, floats } from "./define.ts";
import { equal } from "./equal.ts";
import { max } from "./max.ts";
import { min } from "./min.ts";
import { mul } from "./mul.ts";
import { notEqual } from "./notEqual.ts";
import { pow } from "./pow.ts";
import { type ReduceOptions, reduceAttrs } from "./reduce.ts";
import { smoothSqrt } from "./smoothSqrt.ts";
import { sum } from "./sum.ts";
import { where } from "./where.ts";

/**
 * (Σ |x|^p)^(1/p) over axes. p = ∞ is the largest, p = -∞ the smallest |x|; p = 0 counts what is not 0, and has no
 * gradient. The gradient is 0 where an element (p < 1) or the norm (p > 1) is 0. 0 over an empty axis.
 * @throws {ShapeError} if an axis is out of range, or empty while p is negative or infinite.
 * @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html
 *
 * @example
 * ```ts
 * import { norm, tensor } from "@graftjs/tensor";
 *
 * console.log(norm(tensor([3, 4])).item(), norm(tensor([3, 4]), Infinity).item()); // 5 4
 * console.log(norm(tensor([[3, -4], [6, 8]]), 1, { axes: 1 }).toNested()); // [7, 14]
 * ```
 */
export function norm(x: Tensor, p = 2, options: ReduceOptions = {}): Tensor {
  checkSameDType("norm", floats, x.dtype);
  const { axes } = reduceAttrs("norm", x, options);
  if ((p < 0 || p === Number.POSITIVE_INFINITY) && axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError({ op: "norm", expected: `no empty axis for p = ${p}`, got: formatShape(x.shape) });
  }
  if (p === Number.POSITIVE_INFINITY) return max(abs(x), options);
  if (p === Number.NEGATIVE_INFINITY) return min(abs(x), options);
  if (p === 0) return sum(cast(notEqual(x, 0), x.dtype), options);
  if (p === 1) return sum(abs(x), options);
  if (p === 2) return smoothSqrt(sum(mul(x, x), options));
  return power(sum(power(abs(x), p), options), 1 / p);
}

/** x^p for x >= 0, with the gradient 0 where x is 0. */
function power(x: Tensor, p: number): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0 ** p, pow(where(isZero, 1, x), p));
}
