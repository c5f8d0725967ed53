import type { Tensor } from "../tensor.ts";
import { notEqual } from "./notEqual.ts";
import type { ReduceOptions } from "./reduce.ts";
import { sum } from "./sum.ts";

/**
 * How many elements over axes are not 0, as int32. NaN is not 0.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.count_nonzero.html
 *
 * @example
 * ```ts
 * import { countNonzero, tensor } from "@graftjs/tensor";
 *
 * console.log(countNonzero(tensor([[0, 2, 3], [0, 0, 1]]), { axes: 1 }).toNested()); // [2, 1]
 * ```
 */
export function countNonzero(x: Tensor, options: ReduceOptions = {}): Tensor {
  return sum(notEqual(x, 0), options);
}
