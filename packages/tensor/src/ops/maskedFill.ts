import { arrayOf } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { full } from "./full.ts";
import type { Operand } from "./operand.ts";
import { where } from "./where.ts";

/**
 * `x` with `value` where the bool `mask`, which broadcasts to the shape of `x`, holds; of the dtype of `x`.
 * @throws {ShapeError} if the mask does not broadcast to `x`. @throws {DTypeError} if it is not bool, or `value` is a tensor of
 * another dtype than `x`, or a number that this cannot hold.
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
 *
 * @example
 * ```ts
 * import { maskedFill, tensor } from "@graftjs/tensor";
 *
 * console.log(maskedFill(tensor([1, 2, 3]), tensor([true, false, true]), -1).toNested()); // [-1, 2, -1]
 * ```
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  return where(expand(mask, x.shape), valueFor("maskedFill", x, value), x);
}

/** What is to be written into `x`, as a tensor. @throws {DTypeError} if it cannot be. */
export function valueFor(op: string, { dtype }: Tensor, value: Operand): Tensor {
  const fits = isTensor(value)
    ? value.dtype === dtype
    : dtype === "float32" || dtype === "float64" || arrayOf(dtype, [value])[0] === value;
  if (!fits) {
    const got = isTensor(value) ? value.dtype : String(value);
    throw new DTypeError({ op, expected: `a value of ${dtype}`, got, help: "Convert with cast(x, dtype)." });
  }
  return isTensor(value) ? value : full([], value, { dtype });
}
