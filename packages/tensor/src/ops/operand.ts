import { arrayOf, type DType, isFloat } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { full } from "./full.ts";

/** Where an op takes a tensor, it also takes a number, which gets the other operand's dtype; it must be one of its values. */
export type Operand = Tensor | number;

/** Operands as tensors of one dtype; numbers become scalars. @throws {DTypeError} on 0.5 beside int32, or 2 beside bool. */
export function operands(...list: readonly Operand[]): Tensor[] {
  const dtype: DType = list.find(isTensor)?.dtype ?? "float32";
  return list.map((x) => {
    if (isTensor(x)) return x;
    if (!isFloat(dtype) && arrayOf(dtype, [x])[0] !== x) {
      throw new DTypeError({
        op: "operand",
        expected: `a number that ${dtype} can hold`,
        got: String(x),
        help: 'Convert the tensor first, with cast(x, "float32").',
      });
    }
    return full([], x, { dtype });
  });
}
