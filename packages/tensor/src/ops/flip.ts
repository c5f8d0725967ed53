import { normalizeAxes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reverse } from "./slice.ts";

/**
 * With the order of elements along `axes` turned around; all axes where none are given (PyTorch wants them named).
 * @throws {ShapeError} if an axis is out of range, or named twice.
 * Source: https://pytorch.org/docs/stable/generated/torch.flip.html
 *
 * @example
 * ```ts
 * import { flip, tensor } from "@graftjs/tensor";
 *
 * console.log(flip(tensor([[1, 2], [3, 4]]), 1).toNested()); // [[2, 1], [4, 3]]
 * console.log(flip(tensor([[1, 2], [3, 4]])).toNested()); // [[4, 3], [2, 1]]
 * ```
 */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  return reverse(x, normalizeAxes("flip", axes, x.rank));
}
