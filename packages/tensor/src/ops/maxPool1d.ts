import { apply } from "../apply.ts";
import type { Tensor } from "../tensor.ts";
import { asPlanesAll } from "./batched.ts";
import { type Size1d, single } from "./conv1d.ts";
import { maxPool2dOp } from "./maxPool2d.ts";
import { type Pool1dOptions, planarOptions, poolAttrs } from "./pool.ts";

/**
 * Largest value of each window of [N, C, L] or [C, L], NaN if it has one; padding counts as -∞. The gradient goes to the
 * first of several. Defaults: stride = kernel size, padding 0, dilation 1, lengths rounded down.
 * @throws {ShapeError} if the window is larger than the padded input. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 *
 * @example
 * ```ts
 * import { maxPool1d, tensor } from "@graftjs/tensor";
 *
 * console.log(maxPool1d(tensor([[1, 3, 2, 4]]), 2).toNested()); // [[3, 4]]
 * console.log(maxPool1d(tensor([[1, 3, 2, 4]]), 3, { stride: 1, padding: 1 }).toNested()); // [[3, 3, 4, 4]]
 * ```
 */
export function maxPool1d(x: Tensor, kernelSize: Size1d, options: Pool1dOptions = {}): Tensor {
  return maxPool1dWithIndices(x, kernelSize, options).values;
}

/**
 * {@link maxPool1d}, and where each maximum is: its index along L, int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { maxPool1dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool1dWithIndices(tensor([[1, 3, 2, 4]]), 2);
 * console.log(values.toNested(), indices.toNested()); // [[3, 4]] [[1, 3]]
 * ```
 */
export function maxPool1dWithIndices(
  x: Tensor,
  kernelSize: Size1d,
  options: Pool1dOptions = {},
): { values: Tensor; indices: Tensor } {
  const attrs = poolAttrs([1, single(kernelSize)], planarOptions(options));
  const [values, indices] = asPlanesAll("maxPool1d", x, (planes) => apply(maxPool2dOp, [planes], attrs));
  return { values: values as Tensor, indices: indices as Tensor };
}
