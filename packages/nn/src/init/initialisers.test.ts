import { conv2d, Generator, matmul, reshape, type Tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  Bilinear,
  calculateGain,
  dirac,
  Embedding,
  GRU,
  LSTMCell,
  MultiheadAttention,
  normal,
  orthogonal,
  skipInit,
  truncatedNormal,
} from "../index.ts";

const generator = new Generator(11);

function moments(t: Tensor): { mean: number; std: number; low: number; high: number } {
  const values = Array.from(t.toArray());
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  return { mean, std, low: Math.min(...values), high: Math.max(...values) };
}

describe("truncatedNormal", () => {
  // Mean and standard deviation by scipy.stats.truncnorm.
  test.each([
    [{}, -2, 2, 0, 0.879626],
    [{ std: 0.02 }, -2, 2, 0, 0.02],
    [{ mean: 1, std: 2, a: 0, b: 1.5 }, 0, 1.5, 0.761499, 0.428871],
    [{ a: 3, b: Number.POSITIVE_INFINITY }, 3, 6, 3.283099, 0.26563],
    [{ a: -0.1, b: 0.1 }, -0.1, 0.1, 0, 0.057677],
  ])("%o", (options, low, high, mean, std) => {
    const found = moments(truncatedNormal([200, 100], { ...options, generator }));
    expect(found.low).toBeGreaterThanOrEqual(Math.fround(low));
    expect(found.high).toBeLessThanOrEqual(Math.fround(high));
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.02 * std);
    expect(Math.abs(found.std / std - 1)).toBeLessThan(0.02);
  });

  test("refuses an empty interval", () => {
    expect(() => truncatedNormal([1], { a: 1, b: 1 })).toThrow("truncatedNormal: expected a < b and std > 0");
    expect(truncatedNormal([0, 3]).shape).toEqual([0, 3]);
  });
});

describe("orthogonal", () => {
  test.each([
    [[5, 5], 1],
    [[3, 4, 2], 2],
    [[12, 3, 2], 0.5],
  ])("%o: rows or columns are orthonormal, times the gain", (shape, gain) => {
    const w = orthogonal(shape, { gain, generator });
    expect(w.shape).toEqual(shape);
    const matrix = reshape(w, [shape[0] as number, -1]);
    const tall = (matrix.shape[0] as number) > (matrix.shape[1] as number);
    const gram = matmul(matrix, matrix, tall ? { transposeA: true } : { transposeB: true });
    const size = gram.shape[0] as number;
    gram.toArray().forEach((v, i) => {
      expect(v).toBeCloseTo(i % (size + 1) === 0 ? gain ** 2 : 0, 5);
    });
  });

  test("has no preferred signs", () => {
    const firsts = Array.from({ length: 40 }, () =>
      Math.sign(orthogonal([3, 3], { generator }).toArray()[0] as number),
    );
    expect(Math.abs(firsts.reduce((a, b) => a + b, 0))).toBeLessThan(25);
  });

  test("needs a matrix", () => {
    expect(() => orthogonal([3])).toThrow(expect.objectContaining({ name: "ArgumentError", op: "orthogonal" }));
  });
});

test("dirac passes channels on, in each group", () => {
  const x = normal([1, 4, 3, 5], { generator });
  expect(conv2d(x, dirac([4, 4, 3, 3]), null, { padding: 1 }).toArray()).toEqual(x.toArray());
  const grouped = conv2d(x, dirac([4, 2, 3, 1], 2), null, { padding: [1, 0], groups: 2 });
  expect(grouped.toArray()).toEqual(x.toArray());
  // More outputs than inputs: the rest is 0.
  expect([...dirac([3, 2, 3]).toArray()]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(() => dirac([3, 2])).toThrow("at least three axes");
  expect(() => dirac([3, 2, 1], 2)).toThrow("multiple of groups");
});

test("calculateGain", () => {
  expect(calculateGain("tanh")).toBe(5 / 3);
  expect(calculateGain("relu")).toBe(Math.SQRT2);
  expect(calculateGain("leakyRelu", 1)).toBeCloseTo(1, 12);
  expect([calculateGain("linear"), calculateGain("sigmoid"), calculateGain("selu")]).toEqual([1, 1, 0.75]);
  expect(() => calculateGain("gelu" as "relu")).toThrow("calculateGain: expected linear");
});

test("nothing is drawn while initialisation is skipped", () => {
  const made = skipInit(() => [truncatedNormal([2, 2]), orthogonal([2, 2])]);
  for (const t of made) expect([...t.toArray()]).toEqual([0, 0, 0, 0]);
});

describe("layers start as PyTorch's", () => {
  const largest = (t: Tensor): number => Math.max(...t.toArray().map(Math.abs));

  test.each([
    ["Bilinear", new Bilinear(16, 40, 20, { generator }), 1 / 4],
    ["GRU", new GRU(30, 25, { numLayers: 2, generator }), 1 / 5],
    ["LSTMCell", new LSTMCell(30, 25, { generator }), 1 / 5],
  ] as const)("%s: U(-b, b)", (_, layer, bound) => {
    for (const p of layer.parameters()) {
      expect(largest(p)).toBeLessThanOrEqual(bound);
      expect(largest(p)).toBeGreaterThan(0.8 * bound);
    }
  });

  test("MultiheadAttention: Xavier, biases 0", () => {
    const layer = new MultiheadAttention(32, 4, { generator });
    const bound = Math.sqrt(6 / (4 * 32));
    expect(largest(layer.getParameter("in_proj_weight"))).toBeLessThanOrEqual(bound);
    expect(largest(layer.getParameter("in_proj_weight"))).toBeGreaterThan(0.98 * bound);
    expect(largest(layer.getParameter("out_proj.weight"))).toBeLessThanOrEqual(1 / Math.sqrt(32));
    expect(largest(layer.getParameter("in_proj_bias"))).toBe(0);
    expect(largest(layer.getParameter("out_proj.bias"))).toBe(0);
    const other = new MultiheadAttention(32, 4, { kdim: 8, generator });
    expect(largest(other.getParameter("k_proj_weight"))).toBeGreaterThan(0.95 * Math.sqrt(6 / 40));
  });

  test("Embedding: N(0, 1), the row of padding 0", () => {
    const layer = new Embedding(50, 100, { paddingIdx: 7, generator });
    const { std } = moments(layer.weight);
    expect(Math.abs(std - 1)).toBeLessThan(0.04);
    expect(
      [...layer.weight.toArray()].map((v, i) => (v === 0 ? Math.floor(i / 100) : -1)).filter((r) => r >= 0),
    ).toEqual(Array(100).fill(7));
    expect(() => new Embedding(5, 2, { paddingIdx: 5 })).toThrow("Embedding: expected a paddingIdx in [-5, 5), got 5");
  });
});
