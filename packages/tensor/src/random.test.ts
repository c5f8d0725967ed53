import { describe, expect, test } from "vitest";
import { ArgumentError } from "./errors.ts";
import { compile } from "./graph/compile.ts";
import { philox } from "./philox.ts";
import { bernoulli, Generator, randomNormal, randomUniform } from "./random.ts";
import { tensor } from "./tensor.ts";

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
});
