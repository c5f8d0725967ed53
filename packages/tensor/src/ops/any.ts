import type { Tensor } from "../tensor.ts";
import { countNonzero } from "./countNonzero.ts";
import { notEqual } from "./notEqual.ts";
import type { ReduceOptions } from "./reduce.ts";

/**
 * Whether an element over axes is not 0, as bool; false over an empty axis. NaN is not 0.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.any.html
 *
 * @example
 * ```ts
 * import { any, tensor } from "@graftjs/tensor";
 *
 * console.log(any(tensor([[0, 2], [0, 0]]), { axes: 1 }).toNested()); // [1, 0]
 * ```
 */
export function any(x: Tensor, options: ReduceOptions = {}): Tensor {
  return notEqual(countNonzero(x, options), 0);
}
