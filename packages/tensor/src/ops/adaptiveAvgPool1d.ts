import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool2d } from "./adaptiveAvgPool2d.ts";
import { asPlanes } from "./batched.ts";
import { type Size1d, single } from "./conv1d.ts";

/**
 * Means over windows that divide [N, C, L] or [C, L] into an output of the given length, whatever the input's: from
 * ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉.
 *
 * Differs from PyTorch: an output length of 0 is an error.
 * @throws {ShapeError} on empty lengths.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html
 *
 * @example
 * ```ts
 * import { adaptiveAvgPool1d, tensor } from "@graftjs/tensor";
 *
 * console.log(adaptiveAvgPool1d(tensor([[1, 2, 3, 4, 5]]), 2).toNested()); // [[2, 4]]
 * ```
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: Size1d): Tensor {
  return asPlanes("adaptiveAvgPool1d", x, (planes) => adaptiveAvgPool2d(planes, [1, single(outputSize)]));
}
