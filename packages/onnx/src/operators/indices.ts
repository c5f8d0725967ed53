import { add, cast, less, mul, type Operand, type Shape, stridesOf, sum, type Tensor, tensor } from "@graftjs/tensor";
import { isConstant, toTensor, type Value } from "../constant.ts";

/** Indices into axes of `size`, which broadcasts to them, with those below zero counted from the end. */
export function wrapIndices(indices: Value, size: Operand): Tensor {
  const given = toTensor(indices);
  if (isConstant(indices) && Array.from(indices.data).every((i) => i >= 0)) return given;
  return add(given, mul(cast(less(given, 0), "int32"), size));
}

/** Tuples of indices [..., k] into axes of k sizes, as places among all elements of these axes in row-major order: [...]. */
export function flatIndices(tuples: Value, sizes: Shape): Tensor {
  const list = (numbers: readonly number[]): Tensor => tensor(Int32Array.from(numbers));
  return sum(mul(wrapIndices(tuples, list(sizes)), list(stridesOf(sizes))), { axes: -1 });
}
