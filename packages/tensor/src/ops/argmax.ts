import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { type ArgExtremeAttrs, type ArgExtremeOptions, argExtreme, defineArgExtreme } from "./argExtreme.ts";

export const argmaxOp: Op<ArgExtremeAttrs> = defineArgExtreme("argmax", (x, y) => x > y);

/**
 * Index of the largest element along `axis`, int32; without an axis, among all elements in row-major order. The first among
 * equals (PyTorch leaves open which); NaN counts as largest.
 * @throws {ShapeError} if the axis is out of range or empty. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.argmax.html
 *
 * @example
 * ```ts
 * import { argmax, tensor } from "@graftjs/tensor";
 *
 * console.log(argmax(tensor([[1, 3, 2], [9, 7, 8]]), 1).toNested()); // [1, 0]
 * console.log(argmax(tensor([[1, 3, 2], [9, 7, 8]])).item()); // 3
 * ```
 */
export function argmax(x: Tensor, axis?: number, options: ArgExtremeOptions = {}): Tensor {
  return argExtreme(argmaxOp, x, axis, options);
}
