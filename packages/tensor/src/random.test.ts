import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "./errors.ts";
import { compile } from "./graph/compile.ts";
import { philox } from "./philox.ts";
import {
  bernoulli,
  Generator,
  multinomial,
  randomInteger,
  randomNormal,
  randomPermutation,
  randomUniform,
} from "./random.ts";
import { type Tensor, tensor } from "./tensor.ts";

const values = (t: { toArray(): ArrayLike<number> }): number[] => Array.from(t.toArray());
const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

describe("Generator", () => {
  test("draws the upper 24 bits of Philox words, counted by element and draw", () => {
    const generator = new Generator(2 ** 32 + 5);
    generator.uniform([3]);
    const second = values(generator.uniform([2, 3]));
    const words = [...philox(0, 0, 1, 0, 5, 1), ...philox(1, 0, 1, 0, 5, 1)].slice(0, 6);
    expect(second).toEqual(words.map((w) => (w >>> 8) / 2 ** 24));
  });

  test("repeats itself for the same seed, and only then", () => {
    const draw = (seed: number): number[] => values(new Generator(seed).uniform([8]));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32));
  });

  test("goes on from a saved state", () => {
    const a = new Generator(9);
    a.uniform([5]);
    const saved = a.state.toArray();
    const expected = values(a.uniform([5]));
    const b = new Generator(0);
    b.state.assign(saved);
    expect(values(b.uniform([5]))).toEqual(expected);
  });

  test("counts draws over 32 bits", () => {
    const generator = new Generator(0);
    generator.state.assign([0, 0, -1, 0]);
    generator.uniform([1]);
    expect(values(generator.state)).toEqual([0, 0, 0, 1]);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => new Generator(seed)).toThrowError(ArgumentError);
  });

  test("refuses shapes that are none", () => {
    expect(() => new Generator(0).uniform([-1])).toThrowError(/randomUniform: expected sizes/);
  });

  test("draws anew in each run of a program", () => {
    const [compiled, eager] = [new Generator(4), new Generator(4)];
    const draw = compile(() => randomNormal([4], compiled));
    for (let i = 0; i < 3; i++) expect(values(draw())).toEqual(values(randomNormal([4], eager)));
  });
});

describe("distributions", () => {
  test("uniform", () => {
    const list = values(randomUniform([20_000], new Generator(1), -2, 4));
    expect(Math.min(...list)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...list)).toBeLessThan(4);
    // Standard error of the mean 6 / √(12 · 20,000) = 0.012.
    expect(mean(list)).toBeCloseTo(1, 1);
  });

  test("normal", () => {
    const list = values(randomNormal([20_000], new Generator(2), 3, 2));
    expect(mean(list)).toBeCloseTo(3, 1);
    expect(Math.sqrt(mean(list.map((x) => (x - 3) ** 2)))).toBeCloseTo(2, 1);
    expect(list.every(Number.isFinite)).toBe(true);
    // Shares within one and two standard deviations.
    expect(mean(list.map((x) => Number(Math.abs(x - 3) < 2)))).toBeCloseTo(0.683, 1);
    expect(mean(list.map((x) => Number(Math.abs(x - 3) < 4)))).toBeCloseTo(0.954, 1);
  });

  test("bernoulli", () => {
    const drawn = bernoulli([10_000], new Generator(3), 0.3);
    expect(drawn.dtype).toBe("bool");
    expect(mean(values(drawn))).toBeCloseTo(0.3, 1);
    expect(values(bernoulli([5], new Generator(3), 0))).toEqual([0, 0, 0, 0, 0]);
    expect(values(bernoulli([5], new Generator(3), 1))).toEqual([1, 1, 1, 1, 1]);
  });

  test("require no gradient", () => {
    expect(randomNormal([2], new Generator(1)).requiresGrad).toBe(false);
    expect(tensor([1]).requiresGrad).toBe(false);
  });

  test("bernoulli of probabilities each their own", () => {
    const drawn = bernoulli([10_000, 3], new Generator(3), tensor([0, 0.2, 1])).toNested() as number[][];
    expect(drawn.every((row) => row[0] === 0 && row[2] === 1)).toBe(true);
    expect(mean(drawn.map((row) => row[1] as number))).toBeCloseTo(0.2, 1);
    expect(() => bernoulli([2], new Generator(3), tensor([0, 1, 0]))).toThrowError(ShapeError);
  });

  test("uniform never gives the upper end", () => {
    // 1 - 2⁻²⁴ plus 1 rounds to 2: the first draw that high, by its state.
    const generator = { uniform: () => tensor([1 - 2 ** -24, 0]) } as unknown as Generator;
    expect(values(randomUniform([2], generator, 1, 2))).toEqual([2 - 2 ** -23, 1]);
    expect(values(randomUniform([2], generator, -2, -1))).toEqual([-1 - 2 ** -23, -2]);
    expect(values(randomUniform([2], generator, -1, 0))[0]).toBeLessThan(0);
    expect(values(randomUniform([2], generator, 0, 3))[0]).toBeLessThan(3);
  });
});

/** Pearson's statistic of counts against equal shares, or against given ones. */
function chiSquared(
  counts: readonly number[],
  shares: readonly number[] = counts.map(() => 1 / counts.length),
): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce(
    (sum, n, i) => sum + (n - total * (shares[i] as number)) ** 2 / (total * (shares[i] as number)),
    0,
  );
}

function countsOf(list: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const i of list) counts[i] = (counts[i] as number) + 1;
  return counts;
}

describe("randomInteger", () => {
  test("draws each integer equally often", () => {
    const drawn = randomInteger([10_000], new Generator(5), -3, 4);
    expect(drawn.dtype).toBe("int32");
    const list = values(drawn);
    expect([Math.min(...list), Math.max(...list)]).toEqual([-3, 3]);
    // Of 6 degrees of freedom: above 22.5 once in a thousand times.
    expect(
      chiSquared(
        countsOf(
          list.map((i) => i + 3),
          7,
        ),
      ),
    ).toBeLessThan(22.5);
  });

  test("of wide and of narrow ranges", () => {
    expect(values(randomInteger([3], new Generator(1), 7, 8))).toEqual([7, 7, 7]);
    const wide = values(randomInteger([1000], new Generator(1), 0, 2 ** 24));
    expect(new Set(wide).size).toBeGreaterThan(990);
    expect(() => randomInteger([1], new Generator(1), 0, 2 ** 24 + 1)).toThrowError(ArgumentError);
    expect(() => randomInteger([1], new Generator(1), 1, 1)).toThrowError(/randomInteger: expected int32 bounds/);
    expect(() => randomInteger([1], new Generator(1), 0.5, 2)).toThrowError(ArgumentError);
  });
});

describe("randomPermutation", () => {
  test("holds each number once, in an order of the seed", () => {
    const order = values(randomPermutation(1000, new Generator(1)));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(values(randomPermutation(1000, new Generator(1)))).toEqual(order);
    expect(values(randomPermutation(1000, new Generator(2)))).not.toEqual(order);
    expect(randomPermutation(0, new Generator(1)).shape).toEqual([0]);
    expect(() => randomPermutation(-1, new Generator(1))).toThrowError(ArgumentError);
  });

  test("gives all orders equally often", () => {
    const generator = new Generator(8);
    const orders = Array.from({ length: 2400 }, () => values(randomPermutation(4, generator)).join(""));
    const kinds = [...new Set(orders)].sort();
    expect(kinds.length).toBe(24);
    // Of 23 degrees of freedom: above 49.7 once in a thousand times.
    expect(
      chiSquared(
        countsOf(
          orders.map((o) => kinds.indexOf(o)),
          24,
        ),
      ),
    ).toBeLessThan(49.7);
  });

  test("is the same in a compiled function", () => {
    const [compiled, eager] = [new Generator(4), new Generator(4)];
    const draw = compile(() => randomPermutation(9, compiled));
    for (let i = 0; i < 3; i++) expect(values(draw())).toEqual(values(randomPermutation(9, eager)));
  });
});

describe("multinomial", () => {
  const weights = tensor([1, 0, 3, 4]);

  test("draws in proportion to the weights", () => {
    const drawn = values(multinomial(weights, 8000, new Generator(2), { replacement: true }));
    const counts = countsOf(drawn, 4);
    expect(counts[1]).toBe(0);
    // Of 2 degrees of freedom: above 13.8 once in a thousand times.
    expect(chiSquared([counts[0], counts[2], counts[3]] as number[], [1 / 8, 3 / 8, 4 / 8])).toBeLessThan(13.8);
  });

  test("without replacement draws none twice, and those of weight 0 last", () => {
    const generator = new Generator(3);
    for (let i = 0; i < 50; i++) {
      expect(values(multinomial(weights, 3, generator)).sort()).toEqual([0, 2, 3]);
      expect(values(multinomial(weights, 4, generator))[3]).toBe(1);
    }
    const first = Array.from({ length: 2000 }, () => values(multinomial(weights, 2, generator)).join(""));
    // First the largest with probability 1/2, then the other two as 1 to 3.
    expect(mean(first.map((pair) => Number(pair === "32")))).toBeCloseTo((1 / 2) * (3 / 4), 1);
  });

  test("draws each row by itself, in compiled functions, too", () => {
    const rows = tensor([
      [0, 1, 0],
      [0, 0, 2],
    ]);
    const draw = (p: Tensor): Tensor => multinomial(p, 4, new Generator(1), { replacement: true });
    expect(draw(rows).toNested()).toEqual([
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ]);
    expect(compile(draw)(rows).toNested()).toEqual(draw(rows).toNested());
    expect(multinomial(rows, 1, new Generator(1)).toNested()).toEqual([[1], [2]]);
  });

  test("refuses what cannot be drawn", () => {
    const generator = new Generator(1);
    expect(() => multinomial(weights, 5, generator)).toThrowError(/multinomial: expected samples in \[1, 4\]/);
    expect(() => multinomial(weights, 0, generator, { replacement: true })).toThrowError(ArgumentError);
    expect(() => multinomial(tensor(1), 1, generator)).toThrowError(ShapeError);
  });
});
