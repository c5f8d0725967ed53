import {
  concat,
  flatten,
  flip,
  gather,
  movedim,
  pad,
  permute,
  repeatInterleave,
  reshape,
  roll,
  scatter,
  scatterAdd,
  select,
  slice,
  split,
  stack,
  sum,
  type Tensor,
  tile,
  unflatten,
} from "@graftjs/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arrayOfShape,
  at,
  build,
  check,
  coordinates,
  exactNumber,
  gradientOf,
  indicesOfShape,
  positive,
  replaced,
  same,
  shaped,
  withAxis,
} from "./coordinates.ts";

const { POSITIVE_INFINITY: inf } = Number;

describe("slices", () => {
  const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: undefined });
  const step = fc.integer({ min: -4, max: 4 }).filter((s) => s !== 0);
  /** As the language reference of Python says: from a start, in steps, before an end. */
  const picked = (size: number, start: number | undefined, end: number | undefined, by: number): number[] => {
    const wrap = (i: number): number => (i < 0 ? i + size : i);
    const list: number[] = [];
    const first = start === undefined ? (by > 0 ? 0 : size - 1) : wrap(start);
    const stop = end === undefined ? by * inf : wrap(end);
    for (let i = 0; i < size; i++) {
      const index = by > 0 ? i : size - 1 - i;
      const beyond =
        by > 0 ? index >= Math.max(first, 0) && index < stop : index <= Math.min(first, size - 1) && index > stop;
      const origin = by > 0 ? Math.max(first, 0) : Math.min(first, size - 1);
      if (beyond && (index - origin) % by === 0) list.push(index);
    }
    return list;
  };

  test("are those of Python, and their gradient goes back", () => {
    check(fc.tuple(withAxis(), bound, bound, step), ([{ x, axis }, start, end, by]) => {
      const k = positive(axis, x);
      const indices = picked(x.shape[k] as number, start, end, by);
      const shape = replaced(x.shape, k, indices.length);
      same(
        slice(x, axis, start, end, by),
        build(shape, (p) => at(x, replaced(p, k, indices[p[k] as number] as number))),
      );
      const weights = build(shape, (p) => 1 + p.reduce((n, i) => 3 * n + i, 0));
      const expected = build(x.shape, (p) => {
        const place = indices.indexOf(p[k] as number);
        return place < 0 ? 0 : at(weights, replaced(p, k, place));
      });
      same(
        gradientOf((t) => slice(t, axis, start, end, by), x, weights),
        expected,
      );
    });
  });

  test("of a tensor add up to it again", () => {
    check(fc.tuple(withAxis(), fc.integer({ min: 1, max: 6 })), ([{ x, axis }, size]) => {
      same(concat(split(x, size, axis) as [Tensor, ...Tensor[]], axis), x);
      if ((x.shape[positive(axis, x)] as number) === 0) return;
      const parts = Array.from({ length: x.shape[positive(axis, x)] as number }, (_, i) => select(x, axis, i));
      same(stack(parts as [Tensor, ...Tensor[]], axis), x);
    });
  });

  test("are flipped, rolled, repeated and padded by index", () => {
    check(fc.tuple(withAxis(), fc.integer({ min: -9, max: 9 }), fc.nat(3)), ([{ x, axis }, amount, times]) => {
      const k = positive(axis, x);
      const size = x.shape[k] as number;
      const from = (length: number, index: (i: number) => number): Tensor =>
        build(replaced(x.shape, k, length), (p) => at(x, replaced(p, k, index(p[k] as number))));
      same(
        flip(x, axis),
        from(size, (i) => size - 1 - i),
      );
      same(
        roll(x, amount, axis),
        from(size, (i) => (((i - amount) % size) + size) % size),
      );
      same(
        tile(
          x,
          x.shape.map((_, i) => (i === k ? times : 1)),
        ),
        from(size * times, (i) => i % size),
      );
      same(
        repeatInterleave(x, times, axis),
        from(size * times, (i) => Math.floor(i / times)),
      );
      const around = (mode: "reflect" | "replicate" | "circular", n: number): Tensor =>
        pad(
          x,
          x.shape.map((_, i) => (i === k ? [n, n] : [0, 0])),
          { mode },
        );
      const mirror = (i: number): number => Math.min(Math.abs(i), 2 * (size - 1) - i);
      if (size > times)
        same(
          around("reflect", times),
          from(size + 2 * times, (i) => mirror(i - times)),
        );
      if (size > 0) {
        const edge = (i: number): number => Math.min(Math.max(i, 0), size - 1);
        same(
          around("replicate", times),
          from(size + 2 * times, (i) => edge(i - times)),
        );
      }
      if (size >= times)
        same(
          around("circular", times),
          from(size + 2 * times, (i) => (i - times + size) % size),
        );
    });
  });
});

describe("shapes", () => {
  test("change without the order of elements", () => {
    check(fc.tuple(shaped, fc.nat(), fc.nat()), ([x, a, b]) => {
      const flat = flatten(x);
      expect([...flat.toArray()]).toEqual([...x.toArray()]);
      same(reshape(flat, x.shape), x);
      if (x.rank === 0 || x.size === 0) return;
      const [i, j] = [a % x.rank, b % x.rank].sort((m, n) => m - n) as [number, number];
      same(unflatten(flatten(x, i, j), i, x.shape.slice(i, j + 1)), x);
    });
  });

  test("permute as their axes do", () => {
    const permuted = shaped.chain((x) => {
      const axes = x.shape.map((_, i) => i);
      return fc.record({
        x: fc.constant(x),
        order: fc.shuffledSubarray(axes, { minLength: x.rank }),
        from: fc.nat(),
        to: fc.nat(),
      });
    });
    check(permuted, ({ x, order, from, to }) => {
      const shape = order.map((a) => x.shape[a] as number);
      const y = permute(x, order);
      same(
        y,
        build(shape, (p) =>
          at(
            x,
            x.shape.map((_, a) => p[order.indexOf(a)] as number),
          ),
        ),
      );
      same(
        permute(
          y,
          x.shape.map((_, a) => order.indexOf(a)),
        ),
        x,
      );
      if (x.rank === 0) return;
      const [i, j] = [from % x.rank, to % x.rank];
      same(movedim(movedim(x, i, j), j, i), x);
    });
  });
});

describe("indices", () => {
  const indexed = withAxis(exactNumber, 1).chain(({ x, axis }) => {
    const k = positive(axis, x);
    const smaller = fc.tuple(...x.shape.map((d, i) => fc.integer({ min: 0, max: i === k ? 6 : d })));
    return smaller.chain((shape) =>
      fc.record({
        x: fc.constant(x),
        axis: fc.constant(axis),
        indices: indicesOfShape(shape, x.shape[k] as number),
        source: arrayOfShape(shape.map((d) => d + 1)),
      }),
    );
  });

  test("gather and scatter one by one", () => {
    check(indexed, ({ x, axis, indices, source }) => {
      const k = positive(axis, x);
      const place = (p: readonly number[]): number[] => replaced(p, k, at(indices, p));
      same(
        gather(x, indices, axis),
        build(indices.shape, (p) => at(x, place(p))),
      );
      const [added, written] = [new Map<string, number>(), new Map<string, number>()];
      for (const p of coordinates(indices.shape)) {
        const key = place(p).join();
        added.set(key, (added.get(key) ?? 0) + at(source, p));
        written.set(key, at(source, p));
      }
      same(
        scatterAdd(x, indices, source, axis),
        build(x.shape, (p) => at(x, p) + (added.get(p.join()) ?? 0)),
      );
      same(
        scatter(x, indices, source, axis),
        build(x.shape, (p) => written.get(p.join()) ?? at(x, p)),
      );
    });
  });

  test("have gradients that are each other's", () => {
    check(indexed, ({ x, axis, indices, source }) => {
      const weights = build(indices.shape, (p) => 1 + p.reduce((n, i) => 7 * n + i, 0));
      const zero = build(x.shape, () => 0);
      same(
        gradientOf((t) => gather(t, indices, axis), x, weights),
        scatterAdd(zero, indices, weights, axis),
      );
      const cut = (t: Tensor): Tensor => indices.shape.reduce((y, d, i) => slice(y, i, 0, d), t);
      const back = gradientOf((t) => scatterAdd(zero, indices, t, axis), source, x);
      same(cut(back), gather(x, indices, axis));
      expect(sum(back).item()).toBeCloseTo(sum(cut(back)).item(), 10);
      // What is written over has no gradient, and of equal indices the last one has it alone.
      const total = (t: Tensor): number => sum(t).item();
      const kept = gradientOf(
        (t) => scatter(t, indices, source, axis),
        x,
        build(x.shape, () => 1),
      );
      const came = gradientOf(
        (t) => scatter(x, indices, t, axis),
        source,
        build(x.shape, () => 1),
      );
      expect(total(kept) + total(came)).toBe(x.size);
    });
  });
});
