import { add, cast, less, mul, type Tensor } from "@graftjs/tensor";
import { isConstant, toTensor, type Value } from "../constant.ts";

/** Indices into an axis of `size`, with those below zero counted from its end. */
export function wrapIndices(indices: Value, size: number): Tensor {
  const given = toTensor(indices);
  if (isConstant(indices) && Array.from(indices.data).every((i) => i >= 0)) return given;
  return add(given, mul(cast(less(given, 0), "int32"), size));
}
