import {
  all,
  any,
  argmax,
  argmin,
  concat,
  countNonzero,
  cumprod,
  cumsum,
  einsum,
  flatten,
  flip,
  gather,
  gradients,
  matmul,
  max,
  mean,
  min,
  movedim,
  mul,
  norm,
  pad,
  permute,
  prod,
  repeatInterleave,
  reshape,
  roll,
  scatter,
  scatterAdd,
  select,
  slice,
  sort,
  split,
  stack,
  sum,
  type Tensor,
  Tensor as TensorClass,
  tensor,
  tile,
  topK,
  unflatten,
} from "@graftjs/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrayOfShape, at, build, coordinates, exactNumber, indicesOfShape, smallShape } from "./coordinates.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** The same shape, dtype and elements; zeros may differ in sign, and rounding in the last digits. */
function same(actual: Tensor, expected: Tensor): void {
  expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
  const [a, e] = [actual.toArray(), expected.toArray()];
  e.forEach((y, i) => {
    const x = a[i] as number;
    const close = Math.abs(x - y) <= 1e-12 * Math.abs(y);
    if (x !== y && !close && !(Number.isNaN(x) && Number.isNaN(y))) expect.fail(`at ${i}: expected ${y}, got ${x}`);
  });
}

function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { numRuns: 150, seed: 20_240_601 });
}

/** d(Σ weights · fn(x)) / dx. */
function gradientOf(fn: (x: Tensor) => Tensor, x: Tensor, weights: Tensor): Tensor {
  const leaf = new TensorClass(x.shape, x.dtype, x.place, { requiresGrad: true });
  return gradients(sum(mul(fn(leaf), weights)), [leaf])[0] as Tensor;
}

const shaped: fc.Arbitrary<Tensor> = smallShape.chain((shape) => arrayOfShape(shape));
const withAxis = (
  element: fc.Arbitrary<number> = exactNumber,
  smallest = 0,
): fc.Arbitrary<{ x: Tensor; axis: number }> =>
  fc
    .array(fc.integer({ min: smallest, max: 5 }), { minLength: 1, maxLength: 3 })
    .chain((shape) =>
      fc.record({ x: arrayOfShape(shape, element), axis: fc.integer({ min: -shape.length, max: shape.length - 1 }) }),
    );
const positive = (axis: number, x: Tensor): number => (axis < 0 ? axis + x.rank : axis);
const replaced = (list: readonly number[], i: number, value: number): number[] =>
  list.map((v, k) => (k === i ? value : v));

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

describe("products", () => {
  test("of stacks of matrices", () => {
    const stacks = fc
      .record({
        m: fc.nat(3),
        k: fc.nat(3),
        n: fc.nat(3),
        batch: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom("both", "a", "b")), { maxLength: 2 }),
      })
      .chain(({ m, k, n, batch }) => {
        const of = (who: "a" | "b"): number[] => batch.map(([d, which]) => (which === "both" || which === who ? d : 1));
        return fc.record({ a: arrayOfShape([...of("a"), m, k]), b: arrayOfShape([...of("b"), k, n]) });
      });
    check(stacks, ({ a, b }) => {
      const [m, k] = a.shape.slice(-2) as [number, number];
      const n = b.shape.at(-1) as number;
      const batch = a.shape.slice(0, -2).map((d, i) => Math.max(d, b.shape[i] as number));
      const of = (t: Tensor, p: readonly number[], rest: readonly number[]): number =>
        at(t, [...p.slice(0, -2).map((i, axis) => (t.shape[axis] === 1 ? 0 : i)), ...rest]);
      const expected = build([...batch, m, n], (p) => {
        const [i, j] = p.slice(-2) as [number, number];
        let total = 0;
        for (let r = 0; r < k; r++) total += of(a, p, [i, r]) * of(b, p, [r, j]);
        return total;
      });
      same(matmul(a, b), expected);
    });
  });

  test("in Einstein's notation", () => {
    const letters = ["a", "b", "c", "d"];
    const terms = fc.record({
      sizes: fc.tuple(...letters.map(() => fc.integer({ min: 1, max: 3 }))),
      terms: fc.array(fc.array(fc.constantFrom(...letters), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      order: fc.shuffledSubarray(letters),
      implicit: fc.boolean(),
      single: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
    });
    const calls = terms.chain(({ sizes, terms: operands, order, implicit, single }) => {
      const sizeOf = (letter: string): number => sizes[letters.indexOf(letter)] as number;
      const shapes = operands.map((term) => term.map(sizeOf));
      // One axis may be of size 1, and broadcast.
      const [t, axis] = single ? [single[0] % operands.length, single[1]] : [0, 0];
      if (single && (shapes[t] as number[]).length > 0)
        (shapes[t] as number[])[axis % (shapes[t] as number[]).length] = 1;
      const used = operands.flat();
      const once = used.filter((l) => used.indexOf(l) === used.lastIndexOf(l)).sort();
      return fc.record({
        operands: fc.constant(operands),
        output: fc.constant(implicit ? once : order.filter((l) => used.includes(l))),
        equation: fc.constant(
          operands.map((o) => o.join("")).join() +
            (implicit ? "" : `->${order.filter((l) => used.includes(l)).join("")}`),
        ),
        tensors: fc.tuple(...shapes.map((shape) => arrayOfShape(shape))),
      });
    });
    check(calls, ({ operands, output, equation, tensors }) => {
      const used = [...new Set(operands.flat())];
      const size = (letter: string): number =>
        Math.max(
          ...operands.flatMap((o, i) => o.flatMap((l, k) => (l === letter ? [tensors[i]?.shape[k] as number] : []))),
        );
      const sums = new Map<string, number>();
      for (const p of coordinates(used.map(size))) {
        const place = (letter: string): number => p[used.indexOf(letter)] as number;
        const term = operands.reduce((n, o, i) => {
          const t = tensors[i] as Tensor;
          return (
            n *
            at(
              t,
              o.map((l, k) => (t.shape[k] === 1 ? 0 : place(l))),
            )
          );
        }, 1);
        const key = output.map(place).join();
        sums.set(key, (sums.get(key) ?? 0) + term);
      }
      same(
        einsum(equation, ...tensors),
        build(output.map(size), (p) => sums.get(p.join()) ?? 0),
      );
    });
  });
});
