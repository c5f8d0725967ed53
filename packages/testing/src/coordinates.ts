import { type DType, numel, type Shape, stridesOf, type Tensor, tensor } from "@graftjs/tensor";
import fc from "fast-check";

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
