import { expect, test } from "vitest";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { affineGrid } from "./affineGrid.ts";
import { gridSample } from "./gridSample.ts";
import { interpolationTerms, type SamplingOptions } from "./interpolationTerms.ts";
import { sum } from "./sum.ts";

const row = tensor([1, 2, 4], [1, 1, 3]);
const along = (...places: number[]): Tensor => tensor(places, [1, places.length, 1], { requiresGrad: true });
const sampled = (options: SamplingOptions, ...places: number[]): unknown[] =>
  Array.from(gridSample(row, along(...places), { alignCorners: true, ...options }).toArray());

test("one spatial axis", () => {
  expect(sampled({}, -1, -0.5, 1, 2)).toEqual([1, 1.5, 4, 0]);
  expect(sampled({ paddingMode: "reflection" }, 1.5, 2, 4, -4)).toEqual([3, 2, 2, 2]);
});

test("at infinity is the border, and nothing", () => {
  const far = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(sampled({ paddingMode: "border" }, ...far)).toEqual([4, 1]);
  expect(sampled({ paddingMode: "border", mode: "nearest" }, ...far)).toEqual([4, 1]);
  expect(sampled({ mode: "nearest" }, ...far, Number.NaN)).toEqual([0, 0, 0]);
});

test("no point, no image, no channel", () => {
  expect(gridSample(row, zeros([1, 0, 1])).shape).toEqual([1, 1, 0]);
  expect(gridSample(zeros([0, 2, 3]), zeros([0, 5, 1])).shape).toEqual([0, 2, 5]);
  expect(gridSample(zeros([1, 0, 3]), zeros([1, 5, 1]), { mode: "bicubic" }).shape).toEqual([1, 0, 5]);
  expect(affineGrid(zeros([0, 2, 3]), [0, 1, 2, 2]).shape).toEqual([0, 2, 2, 2]);
});

test("a position has the slope between its neighbours for gradient, and none beyond the border", () => {
  const grid = along(-1.5, -0.5, 0.5, 1.5);
  sum(gridSample(row, grid, { paddingMode: "border", alignCorners: true })).backward();
  expect(grid.grad?.toNested()).toEqual([[[0], [1], [2], [0]]]);
});

test.each([
  ["a grid of another batch", () => gridSample(row, zeros([2, 4, 1])), ShapeError, /a grid \[1, \.\.\., 1\] of 3 axes/],
  ["a grid of other positions", () => gridSample(row, zeros([1, 4, 2])), ShapeError, /gridSample: .*got \[1, 4, 2\]/],
  ["rows", () => gridSample(zeros([2, 3]), zeros([2, 0])), ShapeError, /gridSample/],
  ["an empty axis", () => gridSample(zeros([1, 1, 0]), zeros([1, 2, 1])), ShapeError, /no empty axis/],
  ["int32", () => gridSample(zeros([1, 1, 3], { dtype: "int32" }), along(0)), DTypeError, /cast/],
  ["a grid of int32", () => gridSample(row, zeros([1, 1, 1], { dtype: "int32" })), DTypeError, /cast/],
  ["a mode", () => gridSample(row, along(0), { mode: "area" as "nearest" }), ArgumentError, /out of bilinear, .*area/],
  [
    "too few positions",
    () => interpolationTerms(zeros([1, 1, 2, 2]), [zeros([1, 4])]),
    ShapeError,
    /r tensors \[N, P\]/,
  ],
  ["unequal positions", () => interpolationTerms(row, [zeros([4])]), ShapeError, /r tensors \[N, P\]/],
  ["θ of volumes", () => affineGrid(zeros([1, 3, 4]), [1, 1, 2, 2]), ShapeError, /θ \[1, 2, 3\] .*got \[1, 3, 4\]/],
  ["θ of another batch", () => affineGrid(zeros([1, 2, 3]), [2, 1, 2, 2]), ShapeError, /θ \[2, 2, 3\]/],
  ["half an element", () => affineGrid(zeros([1, 2, 3]), [1, 1, 2.5, 2]), ShapeError, /affineGrid/],
  ["no spatial axis", () => affineGrid(zeros([1, 0, 1]), [1, 1]), ShapeError, /affineGrid/],
  ["θ of int32", () => affineGrid(zeros([1, 2, 3], { dtype: "int32" }), [1, 1, 2, 2]), DTypeError, /affineGrid/],
] as const)("%s: an error", (_, fn, error, message) => {
  expect(fn).toThrow(error);
  expect(fn).toThrow(message);
});
