import type { DType } from "../dtype.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { full } from "./full.ts";

/** Where an op takes a tensor, it also takes a number, which gets the other operand's dtype. */
export type Operand = Tensor | number;

/** Operands as tensors of one dtype; numbers become scalars. */
export function operands(...list: readonly Operand[]): Tensor[] {
  const dtype: DType = list.find(isTensor)?.dtype ?? "float32";
  return list.map((x) => (isTensor(x) ? x : full([], x, { dtype })));
}
