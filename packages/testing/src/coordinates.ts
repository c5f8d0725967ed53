import { type DType, gradients, mul, numel, type Shape, stridesOf, sum, Tensor, tensor } from "@graftjs/tensor";
import fc from "fast-check";
import { expect } from "vitest";

/** Numbers whose sums and products of a few are exact in float64, in any order. */
export const exactNumber: fc.Arbitrary<number> = fc.integer({ min: -8, max: 8 }).map((n) => n / 2);

/** Shapes with up to three axes, some of them empty. */
export const smallShape: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 });

/** A float64 tensor of `shape`. */
export function arrayOfShape(shape: Shape, element: fc.Arbitrary<number> = exactNumber): fc.Arbitrary<Tensor> {
  const size = numel(shape);
  return fc
    .array(element, { minLength: size, maxLength: size })
    .map((values) => tensor(Float64Array.from(values), shape));
}

/** An int32 tensor of `shape` with elements in [0, size). */
export function indicesOfShape(shape: Shape, size: number): fc.Arbitrary<Tensor> {
  const count = numel(shape);
  return fc
    .array(fc.integer({ min: 0, max: size - 1 }), { minLength: count, maxLength: count })
    .map((values) => tensor(Int32Array.from(values), shape));
}

/** All index combinations of `shape`, in row-major order. */
export function coordinates(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((c) => Array.from({ length: size }, (_, i) => [...c, i])),
    [[]],
  );
}

/** The element at `place`. */
export function at(x: Tensor, place: readonly number[]): number {
  const strides = stridesOf(x.shape);
  return x.toArray()[place.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0)] as number;
}

/** The tensor whose element at each place is what `fn` says. */
export function build(shape: Shape, fn: (place: number[]) => number, dtype: DType = "float64"): Tensor {
  return tensor(coordinates(shape).map(fn), shape, { dtype });
}

/** The same shape, dtype and elements; zeros may differ in sign, and rounding in the last digits. */
export function same(actual: Tensor, expected: Tensor): void {
  expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
  const [a, e] = [actual.toArray(), expected.toArray()];
  e.forEach((y, i) => {
    const x = a[i] as number;
    const close = Math.abs(x - y) <= 1e-12 * Math.abs(y);
    if (x !== y && !close && !(Number.isNaN(x) && Number.isNaN(y))) expect.fail(`at ${i}: expected ${y}, got ${x}`);
  });
}

export function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { numRuns: 150, seed: 20_240_601 });
}

/** d(Σ weights · fn(x)) / dx. */
export function gradientOf(fn: (x: Tensor) => Tensor, x: Tensor, weights: Tensor): Tensor {
  const leaf = new Tensor(x.shape, x.dtype, x.place, { requiresGrad: true });
  return gradients(sum(mul(fn(leaf), weights)), [leaf])[0] as Tensor;
}

/** Small tensors. */
export const shaped: fc.Arbitrary<Tensor> = smallShape.chain((shape) => arrayOfShape(shape));
/** Tensors with at least one axis, and one of these. */
export const withAxis = (
  element: fc.Arbitrary<number> = exactNumber,
  smallest = 0,
): fc.Arbitrary<{ x: Tensor; axis: number }> =>
  fc
    .array(fc.integer({ min: smallest, max: 5 }), { minLength: 1, maxLength: 3 })
    .chain((shape) =>
      fc.record({ x: arrayOfShape(shape, element), axis: fc.integer({ min: -shape.length, max: shape.length - 1 }) }),
    );
/** The axis as a non-negative one. */
export const positive = (axis: number, x: Tensor): number => (axis < 0 ? axis + x.rank : axis);
/** The list with another value at one place. */
export const replaced = (list: readonly number[], i: number, value: number): number[] =>
  list.map((v, k) => (k === i ? value : v));
