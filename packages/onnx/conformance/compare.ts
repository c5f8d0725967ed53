import { formatShape, type Tensor } from "@graftjs/tensor";
import { constantOf, isConstant, isFloat, type Value } from "../src/constant.ts";
import { type GraphValue, isSequence, isValue } from "../src/sequence.ts";
import type { OnnxDType, TensorData } from "../src/tensorData.ts";
import type { Tolerance } from "./outcome.ts";
import type { Stored } from "./stored.ts";

/** Two units in the last place, relative to the value: operators that compute in such a type round in between. */
const coarse: Partial<Record<OnnxDType, number>> = { float16: 2 ** -9, bfloat16: 2 ** -6 };

/** What is wrong with a value, or `undefined`: its type, its shape, its elements; integers and bools have to be equal. */
export function difference(got: GraphValue, expected: Stored, tolerance: Tolerance | undefined): string | undefined {
  if (expected === null) return "nothing" in got ? undefined : "expected an empty optional";
  if (!("dtype" in expected)) {
    if (!isSequence(got) || got.items.length !== expected.length) return `expected a sequence of ${expected.length}`;
    const problems = got.items.map((item, i) => difference(item, expected[i] as Stored, tolerance));
    return problems.find((problem) => problem !== undefined);
  }
  return isValue(got) ? tensorDifference(got, expected, tolerance) : "expected a tensor";
}

function tensorDifference(got: Value, expected: TensorData, tolerance: Tolerance | undefined): string | undefined {
  const [dtype, shape] = isConstant(got) ? [got.dtype, got.dims] : [got.dtype, got.shape];
  const wanted = isConstant(got) ? expected.dtype : standIn(expected.dtype);
  if (dtype !== wanted) return `expected elements of type ${wanted}, got ${dtype}`;
  if (formatShape(shape) !== formatShape(expected.dims))
    return `expected shape ${formatShape(expected.dims)}, got ${formatShape(shape)}`;
  if (!tolerance) return undefined;
  const values = constantOf(expected).data;
  const elements = isConstant(got) ? got.data : got.toArray();
  return farthest(elements, values, isFloat(expected.dtype) ? rounded(values, expected.dtype, tolerance) : exactly);
}

const exactly: Tolerance = { rtol: 0, atol: 0 };

/** A tolerance, but no tighter than rounding: of the element type, and of single precision where large terms cancel. */
function rounded(expected: ArrayLike<number>, dtype: OnnxDType, { rtol, atol }: Tolerance): Tolerance {
  const finite = Array.from(expected, Math.abs).filter(Number.isFinite);
  const largest = finite.reduce((most, x) => Math.max(most, x), 0);
  return { rtol: Math.max(rtol, coarse[dtype] ?? 0), atol: Math.max(atol, 2 ** -21 * largest) };
}

/** The type of a tensor that stands for elements of an ONNX type. */
function standIn(dtype: OnnxDType): Tensor["dtype"] {
  if (isFloat(dtype)) return "float32";
  return dtype === "bool" ? "bool" : "int32";
}

/** The element that is farthest outside of the tolerance, as text; `undefined` if none is. */
export function farthest(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol, atol }: Tolerance,
): string | undefined {
  let [worst, at, count] = [0, -1, 0];
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [Number(got[i]), expected[i] as number];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const excess = Math.abs(x - y) - (atol + rtol * Math.abs(y));
    if (excess <= 0) continue;
    count++;
    if (at < 0 || excess > worst || Number.isNaN(excess)) [worst, at] = [excess, i];
  }
  if (at < 0) return undefined;
  return `${count} of ${expected.length} elements differ: expected ${expected[at]} at ${at}, got ${got[at]}`;
}
