import {
  all,
  any,
  argmax,
  argmin,
  countNonzero,
  cumprod,
  cumsum,
  gather,
  max,
  mean,
  min,
  norm,
  prod,
  slice,
  sort,
  sum,
  type Tensor,
  tensor,
  topK,
} from "@graftjs/tensor";
import fc from "fast-check";
import { describe, test } from "vitest";
import {
  arrayOfShape,
  at,
  build,
  check,
  coordinates,
  exactNumber,
  positive,
  replaced,
  same,
  smallShape,
  withAxis,
} from "./coordinates.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("reductions", () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: exactNumber },
    { weight: 1, arbitrary: fc.constantFrom(nan, inf, -inf, 0) },
  );
  const reduced = smallShape.chain((shape) =>
    fc.record({
      x: arrayOfShape(shape, value),
      axes: fc.subarray(shape.map((_, i) => i)),
      keepDims: fc.boolean(),
    }),
  );
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);
  const truth = (holds: boolean): number => Number(holds);

  test("are those of lists", () => {
    check(reduced, ({ x, axes, keepDims }) => {
      const options = { axes, keepDims };
      const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
      const shape = keepDims ? kept : kept.filter((_, i) => !axes.includes(i));
      const over = x.shape.map((d, i) => (axes.includes(i) ? d : 1));
      const lists = coordinates(kept).map((p) =>
        coordinates(over).map((q) =>
          at(
            x,
            p.map((i, k) => i + (q[k] as number)),
          ),
        ),
      );
      const expected = (
        fn: (list: readonly number[]) => number,
        dtype: "float64" | "int32" | "bool" = "float64",
      ): Tensor => tensor(lists.map(fn), shape, { dtype });
      same(sum(x, options), expected(total));
      same(
        mean(x, options),
        expected((list) => total(list) / list.length),
      );
      same(prod(x, options), expected(product));
      same(
        norm(x, 1, options),
        expected((list) => total(list.map(Math.abs))),
      );
      same(
        norm(x, 2, options),
        expected((list) => Math.sqrt(total(list.map((v) => v * v)))),
      );
      same(
        all(x, options),
        expected((list) => truth(list.every((v) => v !== 0)), "bool"),
      );
      same(
        any(x, options),
        expected((list) => truth(list.some((v) => v !== 0)), "bool"),
      );
      same(
        countNonzero(x, options),
        expected((list) => list.filter((v) => v !== 0).length, "int32"),
      );
      if (axes.some((axis) => x.shape[axis] === 0)) return;
      same(
        max(x, options),
        expected((list) => Math.max(...list)),
      );
      same(
        min(x, options),
        expected((list) => Math.min(...list)),
      );
    });
  });

  test("along one axis go on from element to element", () => {
    check(withAxis(value), ({ x, axis }) => {
      const k = positive(axis, x);
      const line = (p: readonly number[]): number[] =>
        Array.from({ length: x.shape[k] as number }, (_, i) => at(x, replaced(p, k, i)));
      const before = (p: readonly number[]): number[] => line(p).slice(0, (p[k] as number) + 1);
      same(
        cumsum(x, axis),
        build(x.shape, (p) => total(before(p))),
      );
      same(
        cumprod(x, axis),
        build(x.shape, (p) => product(before(p))),
      );
      if (x.shape[k] === 0) return;
      const first = (list: readonly number[], best: number): number =>
        list.some(Number.isNaN) ? list.findIndex(Number.isNaN) : list.indexOf(best);
      const shape = replaced(x.shape, k, 1);
      const keep = { keepDims: true };
      same(
        argmax(x, axis, keep),
        build(shape, (p) => first(line(p), Math.max(...line(p))), "int32"),
      );
      same(
        argmin(x, axis, keep),
        build(shape, (p) => first(line(p), Math.min(...line(p))), "int32"),
      );
    });
  });

  test("sort as lists do", () => {
    check(fc.tuple(withAxis(value), fc.boolean(), fc.nat(5)), ([{ x, axis }, descending, k]) => {
      const along = positive(axis, x);
      const size = x.shape[along] as number;
      const rank = (v: number): number => (Number.isNaN(v) ? inf : v);
      const order = (p: readonly number[]): number[] => {
        const line = Array.from({ length: size }, (_, i) => at(x, replaced(p, along, i)));
        const compare = (i: number, j: number): number => {
          const [a, b] = [line[i] as number, line[j] as number];
          if (rank(a) !== rank(b)) return rank(a) < rank(b) ? -1 : 1;
          return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        };
        return [...line.keys()].sort((i, j) => (descending ? compare(j, i) : compare(i, j)) || i - j);
      };
      const { values, indices } = sort(x, axis, { descending });
      same(
        indices,
        build(x.shape, (p) => order(p)[p[along] as number] as number, "int32"),
      );
      same(values, gather(x, indices, axis));
      if (k > size) return;
      const top = topK(x, k, { axis, largest: descending });
      same(top.indices, slice(indices, axis, 0, k));
      same(top.values, slice(values, axis, 0, k));
    });
  });
});
