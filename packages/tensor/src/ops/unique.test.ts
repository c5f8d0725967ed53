import { expect, test } from "vitest";
import { TraceError } from "../errors.ts";
import { compile } from "../graph/compile.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { type Unique, unique, uniqueConsecutive } from "./unique.ts";

const lists = (u: Unique): Record<string, unknown> =>
  Object.fromEntries(Object.entries(u).map(([name, t]: [string, Tensor]) => [name, t.toNested()]));
const nan = Number.NaN;

// Expected values are those of torch.unique and torch.unique_consecutive (2.13); `indices` are NumPy's `return_index`.
test("elements in order, where they are and how often", () => {
  const u = unique(
    tensor([
      [2, nan, -1],
      [2, 0, nan],
    ]),
  );
  expect(lists(u)).toEqual({
    values: [-1, 0, 2, nan, nan],
    inverse: [
      [2, 3, 0],
      [2, 1, 4],
    ],
    counts: [1, 1, 2, 1, 1],
    indices: [2, 4, 0, 1, 5],
  });
  expect([u.values.dtype, u.inverse.dtype, u.counts.dtype, u.indices.dtype]).toEqual([
    "float32",
    "int32",
    "int32",
    "int32",
  ]);
  expect(unique(tensor([true, false, true])).values.dtype).toBe("bool");
  expect(lists(unique(tensor([], [0])))).toEqual({ values: [], inverse: [], counts: [], indices: [] });
  expect(lists(unique(tensor(5)))).toEqual({ values: [5], inverse: 0, counts: [1], indices: [0] });
});

test("slices along an axis", () => {
  const x = tensor([
    [1, 0, 1, 0],
    [2, 5, 2, 4],
  ]);
  expect(lists(unique(x, { axis: -1 }))).toEqual({
    values: [
      [0, 0, 1],
      [4, 5, 2],
    ],
    inverse: [2, 1, 2, 0],
    counts: [1, 1, 2],
    indices: [3, 1, 0],
  });
  expect(unique(x, { axis: 0 }).inverse.toNested()).toEqual([0, 1]);
});

test("neighbours only", () => {
  expect(lists(uniqueConsecutive(tensor([1, 1, 2, 2, 3, 1, nan, nan])))).toEqual({
    values: [1, 2, 3, 1, nan, nan],
    inverse: [0, 0, 1, 1, 2, 3, 4, 5],
    counts: [2, 2, 1, 1, 1, 1],
    indices: [0, 2, 4, 5, 6, 7],
  });
  const rows = tensor([
    [1, 2],
    [1, 2],
    [3, 4],
    [1, 2],
  ]);
  expect(uniqueConsecutive(rows, { axis: 0 }).values.toNested()).toEqual([
    [1, 2],
    [3, 4],
    [1, 2],
  ]);
});

test("not in compiled functions", () => {
  expect(() => compile((x: Tensor) => unique(x).values)(tensor([1]))).toThrow(TraceError);
  expect(() => unique(tensor([1]), { axis: 1 })).toThrow("unique: expected an axis");
});
