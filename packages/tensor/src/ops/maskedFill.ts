import { DTypeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { type Operand, resultType } from "./operand.ts";
import { where } from "./where.ts";

/**
 * `x` with `value` where the bool `mask`, which broadcasts to the shape of `x`, holds.
 * @throws {ShapeError} if the mask does not broadcast to `x`. @throws {DTypeError} if it is not bool, or the value does not
 * fit the dtype of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  const dtype = resultType(value, x);
  if (dtype !== x.dtype) {
    throw new DTypeError({ op: "maskedFill", expected: `a value that ${x.dtype} can hold`, got: String(value) });
  }
  return where(expand(mask, x.shape), value, x);
}
