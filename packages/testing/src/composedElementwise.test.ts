import type { SampleInput, Tensor } from "@graftjs/tensor";
import * as t from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";
import { sampleTensors } from "./samples.ts";

const plain: SampleInput = [2, 3];
const other: SampleInput = [3];
const between = (low: number, high: number): SampleInput => ({ shape: [2, 3], range: [low, high] });

/** Element-wise functions that are composed of primitives, on arguments on which they are smooth. */
const composed: readonly (readonly [name: string, fn: (...x: Tensor[]) => Tensor, ...inputs: SampleInput[]])[] = [
  ["addcdiv", (x, a, b) => t.addcdiv(x as Tensor, a as Tensor, b as Tensor, 0.7), plain, other, between(0.5, 2)],
  ["addcmul", (x, a, b) => t.addcmul(x as Tensor, a as Tensor, b as Tensor, 0.7), plain, other, plain],
  ["clampMax", (x) => t.clampMax(x as Tensor, 0.5), plain],
  ["clampMin", (x) => t.clampMin(x as Tensor, -0.5), plain],
  ["clamp to tensors", (x, a, b) => t.clamp(x as Tensor, a as Tensor, b as Tensor), plain, between(-1.5, -0.5), other],
  ["div, floor", (x, y) => t.div(x as Tensor, y as Tensor, { roundingMode: "floor" }), plain, between(3, 4)],
  ["div, trunc", (x, y) => t.div(x as Tensor, y as Tensor, { roundingMode: "trunc" }), plain, between(3, 4)],
  ["fmax", (x, y) => t.fmax(x as Tensor, y as Tensor), plain, other],
  ["fmin", (x, y) => t.fmin(x as Tensor, y as Tensor), plain, other],
  ["frac", (x) => t.frac(x as Tensor), plain],
  ["lerp", (x, y) => t.lerp(x as Tensor, y as Tensor, 0.3), plain, other],
  ["lerp by a tensor", (x, y, w) => t.lerp(x as Tensor, y as Tensor, w as Tensor), plain, other, between(0, 1)],
  ["logaddexp", (x, y) => t.logaddexp(x as Tensor, y as Tensor), plain, other],
  ["logit", (x) => t.logit(x as Tensor), between(0.1, 0.9)],
  ["logit, eps", (x) => t.logit(x as Tensor, { eps: 0.3 }), between(0.1, 0.9)],
  ["nanToNum", (x) => t.nanToNum(x as Tensor), plain],
  ["pow 0.5", (x) => t.pow(x as Tensor, 0.5), between(0.3, 2)],
  ["pow -0.5", (x) => t.pow(x as Tensor, -0.5), between(0.3, 2)],
  ["pow 3", (x) => t.pow(x as Tensor, 3), plain],
  ["reciprocal", (x) => t.reciprocal(x as Tensor), between(0.5, 2)],
  ["remainder", (x, y) => t.remainder(x as Tensor, y as Tensor), plain, between(3, 4)],
  ["sinc", (x) => t.sinc(x as Tensor), plain],
  ["square", (x) => t.square(x as Tensor), plain],
  ["xlogy", (x, y) => t.xlogy(x as Tensor, y as Tensor), plain, between(0.3, 2)],
];

describe("gradients of composed element-wise functions", () => {
  test.each(composed.map(([name, fn, ...inputs]) => ({ name, fn, inputs })))("$name", ({ fn, inputs }) => {
    const leaves = sampleTensors(inputs, { float: "float64", requiresGrad: true });
    gradcheck(fn, leaves);
    gradgradcheck(fn, leaves);
  });
});

const ints = (...values: number[]): Tensor => t.tensor(Int32Array.from(values));
const bools = (...values: boolean[]): Tensor => t.tensor(values);
const list = (x: Tensor): number[] => Array.from(x.toArray());

describe("integers", () => {
  const [x, y] = [ints(7, -7, 7, -7, 6), ints(3, 3, -3, -3, 3)];

  test("divide to floats, and stay integers where they are rounded", () => {
    expect(t.div(x, y).dtype).toBe("float32");
    expect(list(t.div(x, y))).toEqual([7 / 3, -7 / 3, -7 / 3, 7 / 3, 2].map(Math.fround));
    expect(list(t.floorDivide(x, y))).toEqual([2, -3, -3, 2, 2]);
    expect(list(t.div(x, y, { roundingMode: "floor" }))).toEqual([2, -3, -3, 2, 2]);
    expect(list(t.div(x, y, { roundingMode: "trunc" }))).toEqual([2, -2, -2, 2, 2]);
    expect(list(t.remainder(x, y))).toEqual([1, 2, -2, -1, 0]);
    expect(list(t.fmod(x, y))).toEqual([1, -1, 1, -1, 0]);
    for (const z of [t.floorDivide(x, y), t.remainder(x, 2), t.fmod(x, 2)]) expect(z.dtype).toBe("int32");
  });

  test("divided by 0 are 0", () => {
    expect(list(t.floorDivide(x, 0))).toEqual([0, 0, 0, 0, 0]);
    expect(list(t.remainder(x, 0))).toEqual([0, 0, 0, 0, 0]);
    expect(list(t.fmod(x, 0))).toEqual([0, 0, 0, 0, 0]);
  });

  test("wrap around", () => {
    const [low, high] = [-(2 ** 31), 2 ** 31 - 1];
    expect(list(t.add(ints(high), 1))).toEqual([low]);
    expect(list(t.sub(ints(low), 1))).toEqual([high]);
    expect(list(t.mul(ints(123456789, high), ints(987654321, high)))).toEqual([Math.imul(123456789, 987654321), 1]);
    expect(list(t.neg(ints(low)))).toEqual([low]);
    expect(list(t.abs(ints(low)))).toEqual([low]);
    expect(list(t.floorDivide(ints(low), -1))).toEqual([low]);
    expect(list(t.pow(ints(3, -2), 21))).toEqual([Number(BigInt.asIntN(32, 3n ** 21n)), -(2 ** 21)]);
  });

  test("have powers, bounds and rounding of their own", () => {
    expect(list(t.pow(ints(-3, 0, 2), 3))).toEqual([-27, 0, 8]);
    expect(list(t.pow(ints(-3, 0, 2), 0))).toEqual([1, 1, 1]);
    expect(list(t.pow(ints(4), 0.5))).toEqual([2]);
    expect(list(t.clamp(x, -5, 6))).toEqual([6, -5, 6, -5, 6]);
    expect(list(t.clampMin(x, 0))).toEqual([7, 0, 7, 0, 6]);
    expect(list(t.clampMax(x, 0))).toEqual([0, -7, 0, -7, 0]);
    expect(t.clamp(x, 0.5).dtype).toBe("float32");
    expect(list(t.relu(x))).toEqual([7, 0, 7, 0, 6]);
    for (const fn of [t.floor, t.ceil, t.round, t.trunc, t.nanToNum]) expect(fn(x)).toBe(x);
  });

  test("become floats in functions that give no integers", () => {
    for (const fn of [t.exp, t.sqrt, t.sigmoid, t.sin, t.tanh, t.reciprocal]) expect(fn(ints(1)).dtype).toBe("float32");
    expect(t.exp(ints(0)).item()).toBe(1);
    expect(t.isnan(x).dtype).toBe("bool");
    expect(list(t.isfinite(ints(1)))).toEqual([1]);
    expect(list(t.isinf(ints(1)))).toEqual([0]);
  });
});

describe("truth values", () => {
  const [x, y] = [bools(true, true, false, false), bools(true, false, true, false)];

  test("add to or, multiply to and, and compare", () => {
    expect(list(t.add(x, y))).toEqual([1, 1, 1, 0]);
    expect(t.add(x, y).dtype).toBe("bool");
    expect(list(t.mul(x, y))).toEqual([1, 0, 0, 0]);
    expect(list(t.maximum(x, y))).toEqual([1, 1, 1, 0]);
    expect(list(t.minimum(x, y))).toEqual([1, 0, 0, 0]);
    expect(list(t.logicalXor(x, y))).toEqual([0, 1, 1, 0]);
    expect(list(t.greater(x, y))).toEqual([0, 1, 0, 0]);
  });

  test("count as integers beside numbers", () => {
    expect(t.add(x, 1).dtype).toBe("int32");
    expect(list(t.add(x, 1))).toEqual([2, 2, 1, 1]);
    expect(t.mul(x, 0.5).dtype).toBe("float32");
    expect(list(t.equal(x, 1))).toEqual([1, 1, 0, 0]);
  });

  test("are whether numbers are not 0", () => {
    expect(list(t.logicalAnd(t.tensor([0, 0.5, Number.NaN]), 2))).toEqual([0, 1, 1]);
    expect(list(t.logicalOr(ints(0, 3), 0))).toEqual([0, 1]);
    expect(list(t.logicalNot(t.tensor([0, 0.5])))).toEqual([1, 0]);
  });
});

describe("closeness", () => {
  test("allclose is true only of all", () => {
    const x = t.tensor([1, 2, Number.POSITIVE_INFINITY]);
    expect(t.allclose(x, t.tensor([1, 2.000001, Number.POSITIVE_INFINITY]))).toBe(true);
    expect(t.allclose(x, t.tensor([1, 2.1, Number.POSITIVE_INFINITY]))).toBe(false);
    expect(t.allclose(x, t.tensor([1, 2, 3]), { rtol: Number.POSITIVE_INFINITY })).toBe(false);
    expect(t.allclose(t.tensor([Number.NaN]), t.tensor([Number.NaN]))).toBe(false);
    expect(t.allclose(t.tensor([Number.NaN]), t.tensor([Number.NaN]), { equalNan: true })).toBe(true);
    expect(t.allclose(t.zeros([0]), 1)).toBe(true);
  });

  test("cannot be told inside of a compiled function", () => {
    const program = t.compile((x: Tensor) => t.add(x, Number(t.allclose(x, 1))));
    expect(() => program(t.tensor([1]))).toThrowError(t.TraceError);
  });
});

test("like another tensor", () => {
  const x = t.ones([2, 0, 3], { dtype: "int32" });
  for (const y of [t.zerosLike(x), t.onesLike(x), t.fullLike(x, 7)])
    expect([y.shape, y.dtype]).toEqual([[2, 0, 3], "int32"]);
  expect(list(t.fullLike(t.zeros([2]), 2.5))).toEqual([2.5, 2.5]);
  expect(t.onesLike(x, { dtype: "bool" }).dtype).toBe("bool");
});
