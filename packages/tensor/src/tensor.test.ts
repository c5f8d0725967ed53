import { describe, expect, test } from "vitest";
import { AutogradError, DTypeError, ShapeError } from "./errors.ts";
import { compile } from "./graph/compile.ts";
import { add } from "./ops/add.ts";
import { mul } from "./ops/mul.ts";
import { reshape } from "./ops/reshape.ts";
import { isTensor, ones, Tensor, tensor, zeros } from "./tensor.ts";

describe("tensor", () => {
  test("takes its shape from nested arrays", () => {
    const t = tensor([
      [[1], [2]],
      [[3], [4]],
    ]);
    expect([t.shape, t.dtype, [...t.toArray()]]).toEqual([[2, 2, 1], "float32", [1, 2, 3, 4]]);
    expect(tensor(5).shape).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  test("takes a flat list and a shape", () => {
    expect(tensor([1, 2, 3, 4, 5, 6], [2, 3]).toNested()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(tensor(Float32Array.of(1, 2), [2, 1]).toNested()).toEqual([[1], [2]]);
  });

  test("takes its dtype from a typed array", () => {
    expect(tensor(Float32Array.of(1)).dtype).toBe("float32");
    expect(tensor(Float64Array.of(1)).dtype).toBe("float64");
    expect(tensor(Int32Array.of(1)).dtype).toBe("int32");
    expect(tensor(Uint8Array.of(1)).dtype).toBe("bool");
    expect(tensor(Uint8Array.of(200), [1], { dtype: "float32" }).item()).toBe(200);
  });

  test("converts as cast does", () => {
    expect([...tensor([1.7, -1.7, 3e9 - 2 ** 32], [3], { dtype: "int32" }).toArray()]).toEqual([1, -1, 3e9 - 2 ** 32]);
    expect([...tensor([0, 0.5, 2, -1, Number.NaN], [5], { dtype: "bool" }).toArray()]).toEqual([0, 1, 1, 1, 1]);
    expect([...tensor(Uint8Array.of(0, 2, 255)).toArray()]).toEqual([0, 1, 1]);
  });

  test("copies the values", () => {
    const values = Float32Array.of(1, 2);
    const t = tensor(values);
    values[0] = 9;
    t.toArray()[1] = 9;
    expect([...t.toArray()]).toEqual([1, 2]);
  });

  test.each([
    ["too few values", () => tensor([1, 2, 3], [2, 2]), /expected 4 values for shape \[2, 2\], got 3/],
    ["ragged arrays", () => tensor([[1, 2], [3]]), /nested arrays of equal lengths/],
    ["numbers beside arrays", () => tensor([[1], 2]), /nested arrays of equal lengths/],
    ["arrays beside numbers", () => tensor([1, [2]]), /nested arrays of equal lengths/],
    ["a negative size", () => tensor([], [-1]), /integers >= 0/],
    ["a negative size", () => zeros([2, -1]), /zeros: expected sizes/],
    ["a fraction", () => ones([1.5]), /ones: expected sizes/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrowError(ShapeError);
    expect(make).toThrowError(message);
  });

  test("takes truth values", () => {
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor([[true], [false]]).toNested()).toEqual([[1], [0]]);
    expect([...tensor([true, 2]).toArray()]).toEqual([1, 2]);
    expect(tensor(true).item()).toBe(1);
  });

  test.each([
    ["bigint", () => tensor([1n] as unknown as number[])],
    ["bigint", () => tensor([1n] as unknown as number[], [1])],
    ["string", () => tensor([["1"]] as unknown as number[])],
    ["undefined", () => tensor([undefined] as unknown as number[])],
    ["object", () => tensor([null] as unknown as number[])],
    ["BigInt64Array", () => tensor(new BigInt64Array(2) as unknown as Int32Array)],
    ["Int16Array", () => tensor(new Int16Array(2) as unknown as Int32Array, [2])],
  ])("refuses %s", (got, make) => {
    expect(make).toThrowError(DTypeError);
    expect(make).toThrowError(`got ${got}. Convert first`);
  });

  test("saturates where int32 ends", () => {
    const numbers = tensor([3e9, -3e9, Number.POSITIVE_INFINITY, Number.NaN, -0.5], [5], { dtype: "int32" });
    expect([...numbers.toArray()]).toEqual([2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1, 0, 0]);
  });

  test("refuses a gradient for integers", () => {
    expect(() => tensor([1], [1], { dtype: "int32", requiresGrad: true })).toThrowError(AutogradError);
  });
});

test("zeros, ones", () => {
  expect([...zeros([2]).toArray()]).toEqual([0, 0]);
  expect([...ones([2], { dtype: "int32" }).toArray()]).toEqual([1, 1]);
  expect(ones([0, 3]).size).toBe(0);
  expect(zeros([2], { requiresGrad: true }).requiresGrad).toBe(true);
});

describe("methods", () => {
  test("item is for one element", () => {
    expect(tensor([[7]]).item()).toBe(7);
    expect(() => tensor([1, 2]).item()).toThrowError(/item: expected a tensor of one element, got shape \[2\]/);
    expect(() => tensor([]).item()).toThrowError(ShapeError);
  });

  test("read gives a copy, too", async () => {
    const t = tensor([1, 2]);
    (await t.read())[0] = 9;
    expect([...(await t.read())]).toEqual([1, 2]);
  });

  test("toNested of scalars and of nothing", () => {
    expect(tensor(3).toNested()).toBe(3);
    expect(zeros([2, 0]).toNested()).toEqual([[], []]);
  });

  test("rank and size", () => {
    const t = zeros([2, 3, 4]);
    expect([t.rank, t.size]).toEqual([3, 24]);
  });

  test("toString shows what it is", () => {
    expect(String(tensor([1, 2], [2], { requiresGrad: true }))).toBe("Tensor(float32 [2], requiresGrad, [1,2])");
    expect(String(zeros([100]))).toBe("Tensor(float32 [100])");
    let traced = "";
    compile((x: Tensor) => {
      traced = String(x);
      return x;
    })(tensor([1]));
    expect(traced).toBe("Tensor(float32 [1])");
  });

  test("brand, not class, makes a tensor", () => {
    expect(isTensor(tensor([1]))).toBe(true);
    expect(isTensor({ brand: "@graftjs/tensor" })).toBe(true);
    for (const other of [null, undefined, 1, [], { brand: "other" }]) expect(isTensor(other)).toBe(false);
  });
});

describe("assign", () => {
  test("replaces the values, and counts as a write", () => {
    const t = tensor([1, 2]);
    t.assign([3, 4]);
    t.assign(Float32Array.of(5, 6));
    t.assign(tensor([7, 8]));
    expect([...t.toArray()]).toEqual([7, 8]);
    expect(t.storage.version).toBe(3);
  });

  test("copies from the other tensor", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    a.assign(b);
    b.assign([3]);
    expect(a.item()).toBe(2);
  });

  test("is seen through views and detached tensors", () => {
    const t = tensor([1, 2, 3, 4]);
    const [view, detached] = [reshape(t, [2, 2]), t.detach()];
    t.assign([5, 6, 7, 8]);
    expect(view.toNested()).toEqual([
      [5, 6],
      [7, 8],
    ]);
    expect([...detached.toArray()]).toEqual([5, 6, 7, 8]);
  });

  test("leaves results of earlier ops alone", () => {
    const t = tensor([1]);
    const y = add(t, 1);
    t.assign([10]);
    expect(y.item()).toBe(2);
  });

  test("refuses other shapes, dtypes and results of ops", () => {
    const t = tensor([1, 2]);
    expect(() => t.assign([1])).toThrowError(/assign: expected 2 elements, got 1/);
    expect(() => t.assign(tensor([[1, 2]]))).toThrowError(/expected float32 \[2\], got float32 \[1, 2\]/);
    expect(() => t.assign(tensor(Int32Array.of(1, 2)))).toThrowError(ShapeError);
    const y = mul(tensor([1], [1], { requiresGrad: true }), 2);
    expect(() => y.assign([1])).toThrowError(AutogradError);
  });

  test("of bool values keeps 0 and 1", () => {
    const t = tensor([0, 1], [2], { dtype: "bool" });
    t.assign([5, 0]);
    expect([...t.toArray()]).toEqual([1, 0]);
  });
});

test("the constructor takes memory over without a copy", () => {
  const base = tensor([1, 2]);
  const t = new Tensor([1, 2], "float32", base.storage);
  base.assign([3, 4]);
  expect(t.toNested()).toEqual([[3, 4]]);
});
