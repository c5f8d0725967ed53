import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { type ReduceOptions, reduceAttrs } from "./reduce.ts";
import { sum } from "./sum.ts";

/**
 * Mean over axes; NaN over an empty one.
 * @throws {ShapeError} if an axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.mean.html
 *
 * @example
 * ```ts
 * import { mean, tensor } from "@graftjs/tensor";
 *
 * console.log(mean(tensor([[1, 2], [3, 5]]), { axes: 0 }).toNested()); // [2, 3.5]
 * console.log(mean(tensor([[1, 2], [3, 5]])).item()); // 2.75
 * ```
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkSameDType("mean", floats, x.dtype);
  const { axes } = reduceAttrs("mean", x, options);
  const count = axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);
  return mul(sum(x, options), 1 / count);
}
