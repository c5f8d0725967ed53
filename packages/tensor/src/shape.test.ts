import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isGraftError, ShapeError } from "./errors.ts";
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  equalShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  numel,
  type Shape,
  stridesOf,
} from "./shape.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** NumPy's rule, axis by axis from the end; `null` if it does not apply. */
function naiveBroadcast(a: Shape, b: Shape): number[] | null {
  const out: number[] = [];
  for (let i = 1; i <= Math.max(a.length, b.length); i++) {
    const [x, y] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return null;
    out.unshift(x === 1 ? y : x);
  }
  return out;
}

/** All index tuples of a shape, in row-major order. */
function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>((all, d) => all.flatMap((i) => Array.from({ length: d }, (_, k) => [...i, k])), [[]]);
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, x, i) => s + x * (b[i] as number), 0);

describe("broadcasting", () => {
  test("follows NumPy's rule", () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        const expected = naiveBroadcast(a, b);
        if (expected) expect(broadcastShapes("add", a, b)).toEqual(expected);
        else expect(() => broadcastShapes("add", a, b)).toThrowError(ShapeError);
      }),
    );
  });

  test("of any number of shapes is that of pairs", () => {
    fc.assert(
      fc.property(shapes, shapes, shapes, (a, b, c) => {
        const ab = naiveBroadcast(a, b);
        const abc = ab && naiveBroadcast(ab, c);
        if (abc) expect(broadcastShapes("where", a, b, c)).toEqual(abc);
        else expect(() => broadcastShapes("where", a, b, c)).toThrowError(ShapeError);
      }),
    );
    expect(broadcastShapes("add")).toEqual([]);
  });

  test("strides read the element that the index means", () => {
    fc.assert(
      fc.property(shapes, shapes, (from, other) => {
        const to = naiveBroadcast(from, other);
        if (!to) return;
        const strides = broadcastStrides(from, to);
        const own = indices(from).map(String);
        for (const index of indices(to)) {
          const source = from.map((d, axis) => (d === 1 ? 0 : (index[to.length - from.length + axis] as number)));
          expect(dot(strides, index)).toBe(own.indexOf(String(source)));
        }
      }),
    );
  });
});

test("row-major strides count elements in order", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const all = indices(shape);
      expect(all.length).toBe(numel(shape));
      expect(all.map((index) => dot(stridesOf(shape), index))).toEqual(all.map((_, i) => i));
    }),
  );
});

describe("axes", () => {
  test("negative ones count from the end", () => {
    expect([-3, -1, 0, 2].map((a) => normalizeAxis("sum", a, 3))).toEqual([0, 2, 0, 2]);
    expect(normalizeAxes("sum", [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeAxes("sum", -2, 3)).toEqual([1]);
    expect(normalizeAxes("sum", undefined, 3)).toEqual([0, 1, 2]);
    expect(normalizeAxes("sum", [], 3)).toEqual([]);
  });

  test.each([3, -4, 0.5, Number.NaN])("%s is none of three", (axis) => {
    expect(() => normalizeAxis("sum", axis, 3)).toThrowError(ShapeError);
  });

  test("a scalar has none", () => {
    expect(() => normalizeAxis("sum", 0, 0)).toThrowError(ShapeError);
    expect(() => normalizeAxis("sum", -1, 0)).toThrowError(ShapeError);
  });

  test("twice the same is an error that says so", () => {
    try {
      normalizeAxes("sum", [1, -2], 3);
      expect.unreachable();
    } catch (error) {
      expect(isGraftError(error)).toBe(true);
      expect(error).toMatchObject({ name: "ShapeError", op: "sum", expected: "distinct axes", got: "[1, 1]" });
    }
  });
});

test("shapes compare and print", () => {
  expect(equalShapes([2, 3], [2, 3])).toBe(true);
  expect(equalShapes([2, 3], [2, 3, 1])).toBe(false);
  expect(equalShapes([], [])).toBe(true);
  expect([[], [4], [2, 3]].map(formatShape)).toEqual(["[]", "[4]", "[2, 3]"]);
});

test("sizes are integers from 0", () => {
  checkShape("zeros", [0, 3]);
  for (const bad of [[-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
    expect(() => checkShape("zeros", bad)).toThrowError(/zeros: expected sizes that are integers >= 0/);
  }
});
