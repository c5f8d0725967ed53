import type { Tensor } from "../tensor.ts";
import { adaptiveMaxPool2dWithIndices } from "./adaptiveMaxPool2d.ts";
import { asPlanesAll } from "./batched.ts";
import { type Size1d, single } from "./conv1d.ts";

/**
 * Largest values of windows that divide [N, C, L] or [C, L] into an output of the given length, whatever the input's: from
 * ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. NaN if a window has one; the gradient goes to the first of several.
 *
 * Differs from PyTorch: an output length of 0 is an error.
 * @throws {ShapeError} on empty lengths.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool1d, tensor } from "@graftjs/tensor";
 *
 * console.log(adaptiveMaxPool1d(tensor([[1, 2, 3, 4, 5]]), 2).toNested()); // [[3, 5]]
 * ```
 */
export function adaptiveMaxPool1d(x: Tensor, outputSize: Size1d): Tensor {
  return adaptiveMaxPool1dWithIndices(x, outputSize).values;
}

/**
 * {@link adaptiveMaxPool1d}, and where each maximum is: its index along L, int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool1dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = adaptiveMaxPool1dWithIndices(tensor([[1, 9, 3, 4, 5]]), 2);
 * console.log(values.toNested(), indices.toNested()); // [[9, 5]] [[1, 4]]
 * ```
 */
export function adaptiveMaxPool1dWithIndices(x: Tensor, outputSize: Size1d): { values: Tensor; indices: Tensor } {
  const [values, indices] = asPlanesAll("adaptiveMaxPool1d", x, (planes) => {
    const result = adaptiveMaxPool2dWithIndices(planes, [1, single(outputSize)]);
    return [result.values, result.indices];
  });
  return { values: values as Tensor, indices: indices as Tensor };
}
