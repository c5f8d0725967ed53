import type { Tensor } from "../tensor.ts";
import { runningExtreme } from "./cummax.ts";
import { minimum } from "./minimum.ts";

/**
 * The smallest element so far along `axis`, NaN from the first NaN on, and where it is, int32; the last of equal ones, which
 * alone has the gradient.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.cummin.html
 *
 * @example
 * ```ts
 * import { cummin, tensor } from "@graftjs/tensor";
 *
 * console.log(cummin(tensor([3, 4, 1, 2]), 0).values.toNested()); // [3, 3, 1, 1]
 * ```
 */
export function cummin(x: Tensor, axis: number): { values: Tensor; indices: Tensor } {
  return runningExtreme("cummin", x, axis, minimum, x.dtype === "int32" ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY);
}
