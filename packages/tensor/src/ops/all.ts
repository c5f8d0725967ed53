import type { Tensor } from "../tensor.ts";
import { equal } from "./equal.ts";
import type { ReduceOptions } from "./reduce.ts";
import { sum } from "./sum.ts";

/**
 * Whether no element over axes is 0, as bool; true over an empty axis. NaN is not 0.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.all.html
 *
 * @example
 * ```ts
 * import { all, tensor } from "@graftjs/tensor";
 *
 * console.log(all(tensor([[1, 2], [0, 3]]), { axes: 1 }).toNested()); // [1, 0]
 * ```
 */
export function all(x: Tensor, options: ReduceOptions = {}): Tensor {
  return equal(sum(equal(x, 0), options), 0);
}
