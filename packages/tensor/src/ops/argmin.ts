import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { type ArgExtremeAttrs, type ArgExtremeOptions, argExtreme, defineArgExtreme } from "./argExtreme.ts";

export const argminOp: Op<ArgExtremeAttrs> = defineArgExtreme("argmin", (x, y) => x < y);

/**
 * Index of the smallest element along `axis`, int32; without an axis, among all elements in row-major order. The first among
 * equals (PyTorch leaves open which); NaN counts as smallest.
 * @throws {ShapeError} if the axis is out of range or empty. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.argmin.html
 *
 * @example
 * ```ts
 * import { argmin, tensor } from "@graftjs/tensor";
 *
 * console.log(argmin(tensor([[1, 3, 2], [9, 7, 8]]), 1).toNested()); // [0, 1]
 * ```
 */
export function argmin(x: Tensor, axis?: number, options: ArgExtremeOptions = {}): Tensor {
  return argExtreme(argminOp, x, axis, options);
}
