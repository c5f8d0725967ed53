import { einsum, matmul, type Tensor } from "@graftjs/tensor";
import fc from "fast-check";
import { describe, test } from "vitest";
import { arrayOfShape, at, build, check, coordinates, same } from "./coordinates.ts";

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
