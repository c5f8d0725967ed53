import { tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { constant } from "../src/constant.ts";
import { nothing, sequence } from "../src/sequence.ts";
import type { OnnxArray, OnnxDType, TensorData } from "../src/tensorData.ts";
import { difference, farthest } from "./compare.ts";

const stored = (dtype: OnnxDType, dims: readonly number[], data: OnnxArray): TensorData => ({
  name: "",
  dims,
  dtype,
  size: data.length,
  byteLength: data.byteLength,
  external: undefined,
  data: () => data,
});
const floats = (...values: number[]): TensorData => stored("float32", [values.length], Float32Array.from(values));
const tolerance = { rtol: 1e-3, atol: 1e-7 };

describe("farthest", () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

  it("takes NaN for equal to NaN and infinities for equal to themselves, and to nothing else", () => {
    expect(farthest([nan, infinity, -infinity], [nan, infinity, -infinity], tolerance)).toBeUndefined();
    for (const [got, expected] of [
      [nan, 1],
      [1, nan],
      [infinity, -infinity],
      [1, infinity],
    ] as const)
      expect(farthest([got], [expected], tolerance)).toMatch(/^1 of 1 elements differ/);
  });

  it("adds what is allowed of the element and what is allowed at all, and names the worst", () => {
    const allowed = { rtol: 0.1, atol: 1 };
    expect(farthest([12.1, 0.9], [11, 0], allowed)).toBeUndefined();
    expect(farthest([13.2, 3, 9], [11, 0, 9], allowed)).toBe("2 of 3 elements differ: expected 0 at 1, got 3");
  });

  it("misses no element", () => {
    expect(farthest([1], [1, 0], tolerance)).toMatch(/^1 of 2 elements differ: expected 0 at 1, got undefined/);
  });
});

describe("difference", () => {
  it("compares type and shape, also where elements are not compared", () => {
    expect(difference(tensor([1, 2]), floats(1, 2), undefined)).toBeUndefined();
    expect(difference(tensor([[1, 2]]), floats(1, 2), undefined)).toBe("expected shape [2], got [1, 2]");
    expect(difference(tensor(Int32Array.of(1, 2)), floats(1, 2), undefined)).toMatch(
      /^expected elements of type float32/,
    );
  });

  it("asks integers to be equal, whatever the tolerance", () => {
    const wanted = stored("int64", [2], BigInt64Array.of(1000n, 2n));
    expect(difference(tensor(Int32Array.of(1000, 2)), wanted, { rtol: 1, atol: 1 })).toBeUndefined();
    expect(difference(tensor(Int32Array.of(1001, 2)), wanted, { rtol: 1, atol: 1 })).toMatch(/expected 1000 at 0/);
  });

  it("asks constants to be of the very type", () => {
    const wanted = stored("int64", [1], BigInt64Array.of(3n));
    expect(difference(constant([3], [1], "int64"), wanted, tolerance)).toBeUndefined();
    expect(difference(constant([3], [1], "int32"), wanted, tolerance)).toBe(
      "expected elements of type int64, got int32",
    );
  });

  it("allows what rounding makes of the element type, and of what cancels", () => {
    const half = (dtype: OnnxDType): TensorData => stored(dtype, [1], Float32Array.of(1));
    expect(difference(tensor([1.001]), half("float16"), { rtol: 0, atol: 0 })).toBeUndefined();
    expect(difference(tensor([1.01]), half("float16"), { rtol: 0, atol: 0 })).toMatch(/differ/);
    expect(difference(tensor([1.01]), half("bfloat16"), { rtol: 0, atol: 0 })).toBeUndefined();
    expect(difference(tensor([1e6, 0.4]), floats(1e6, 0), { rtol: 0, atol: 0 })).toBeUndefined();
    expect(difference(tensor([1e6, 0.6]), floats(1e6, 0), { rtol: 0, atol: 0 })).toMatch(/expected 0 at 1/);
  });

  it("compares sequences item by item, and empty optionals", () => {
    expect(difference(sequence([tensor([1])]), [floats(1)], tolerance)).toBeUndefined();
    expect(difference(sequence([tensor([1])]), [floats(2)], tolerance)).toMatch(/expected 2/);
    expect(difference(sequence([]), [floats(1)], tolerance)).toBe("expected a sequence of 1");
    expect(difference(nothing, null, tolerance)).toBeUndefined();
    expect(difference(tensor([1]), null, tolerance)).toBe("expected an empty optional");
    expect(difference(nothing, floats(1), tolerance)).toBe("expected a tensor");
  });
});
