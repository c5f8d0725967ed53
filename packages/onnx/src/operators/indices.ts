import { add, cast, less, mul, type Operand, type Shape, stridesOf, sum, type Tensor, tensor } from "@graftjs/tensor";
import { checkIndices, isConstant, toTensor, type Value } from "../constant.ts";

/**
 * Indices into an axis of `size`, with those below zero counted from the end.
 * @throws {ArgumentError} if there are constants beyond it; what only data tell is not checked
 */
export function wrapIndices(indices: Value, size: number): Tensor {
  return wrapped(indices, [size], size);
}

/** Indices of which the last axis belongs to `sizes`; `each` are the sizes as they broadcast to them. */
function wrapped(indices: Value, sizes: Shape, each: Operand): Tensor {
  const given = toTensor(indices);
  if (isConstant(indices)) {
    checkIndices("index", indices.data, sizes);
    if (Array.from(indices.data).every((i) => i >= 0)) return given;
  }
  return add(given, mul(cast(less(given, 0), "int32"), each));
}

/** Tuples of indices [..., k] into axes of k sizes, as places among all elements of these axes in row-major order: [...]. */
export function flatIndices(tuples: Value, sizes: Shape): Tensor {
  const list = (numbers: readonly number[]): Tensor => tensor(Int32Array.from(numbers));
  return sum(mul(wrapped(tuples, sizes, list(sizes)), list(stridesOf(sizes))), { axes: -1 });
}
