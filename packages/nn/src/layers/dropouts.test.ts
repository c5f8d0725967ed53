import { compile, Generator, ones, type Tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { AlphaDropout, Dropout1d, Dropout2d, Dropout3d, dropout, normal, RReLU } from "../index.ts";

const rows = (t: Tensor): number[][] => t.toNested() as number[][];

test("dropout drops whatever the mode, and refuses what is no probability", () => {
  const y = dropout(ones([1000]), 0.25, { generator: new Generator(1) }).toArray();
  expect(new Set(y)).toEqual(new Set([0, Math.fround(4 / 3)]));
  const x = ones([2]);
  expect(dropout(x, 0)).toBe(x);
  expect(() => dropout(x, 2)).toThrow("dropout: expected a probability in [0, 1], got 2");
});

test("Dropout2d drops whole channels", () => {
  const layer = new Dropout2d(0.25, { generator: new Generator(1) });
  const y = rows(layer.forward(ones([50, 40, 3])));
  const channels = y.flat() as unknown as number[][];
  for (const channel of channels) expect(new Set(channel).size).toBe(1);
  const kept = channels.filter(([v]) => v !== 0);
  expect(kept[0]?.[0]).toBeCloseTo(4 / 3, 6);
  expect(Math.abs(kept.length / 2000 - 0.75)).toBeLessThan(0.03);
  const x = ones([2, 3, 2, 2]);
  expect(layer.eval().forward(x)).toBe(x);
  expect(() => layer.forward(ones([3]))).toThrow("Dropout2d: expected [N, C, ...], got [3]");
  expect([...new Dropout2d(1).forward(x).toArray()]).toEqual(Array(24).fill(0));
});

test.each([
  [Dropout1d, [40, 3], [50, 40, 3]],
  [Dropout3d, [40, 1, 3, 1], [50, 40, 1, 3, 1]],
] as const)("%o drops whole channels, with and without a batch axis", (Layer, sample, batch) => {
  const layer = new Layer(0.25, { generator: new Generator(1) });
  for (const shape of [sample, batch]) {
    const y = [...layer.forward(ones(shape)).toArray()];
    const channels = Array.from({ length: y.length / 3 }, (_, i) => y.slice(3 * i, 3 * i + 3));
    for (const channel of channels) expect(new Set(channel).size).toBe(1);
    expect(new Set(y)).toEqual(new Set([0, Math.fround(4 / 3)]));
  }
  const x = ones(batch);
  expect(layer.eval().forward(x)).toBe(x);
  expect(() => layer.forward(ones([3]))).toThrow(`${Layer.name}: expected [N, C, `);
});

test("AlphaDropout keeps mean and variance", () => {
  const x = normal([20_000], { generator: new Generator(2) });
  const values = [...new AlphaDropout(0.3, { generator: new Generator(3) }).forward(x).toArray()];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length).toBeCloseTo(1, 1);
  // What is dropped becomes one value, less than all others of ones.
  const two = [...new AlphaDropout(0.3, { generator: new Generator(3) }).forward(ones([20_000])).toArray()];
  expect(new Set(two).size).toBe(2);
  expect(two.filter((v) => v < 0).length / two.length).toBeCloseTo(0.3, 1);
  expect(new AlphaDropout(0.3).eval().forward(x)).toBe(x);
  expect([...new AlphaDropout(1).forward(ones([2])).toArray()]).toEqual([0, 0]);
});

test("RReLU draws a slope for each negative element, compiled too", () => {
  const layer = new RReLU(0.1, 0.3, { generator: new Generator(4) });
  const x = ones([500]);
  const run = compile((t: Tensor) => layer.forward(t));
  const negative = run(dropout(x, 0));
  expect(negative.toArray()).toEqual(x.toArray());
  const minus = zeros([500]);
  minus.assign(new Float32Array(500).fill(-1));
  const slopes = [...run(minus).toArray()].map((v) => -v);
  expect(Math.min(...slopes)).toBeGreaterThanOrEqual(Math.fround(0.1));
  expect(Math.max(...slopes)).toBeLessThanOrEqual(Math.fround(0.3));
  expect(Math.max(...slopes) - Math.min(...slopes)).toBeGreaterThan(0.19);
  expect([...run(minus).toArray()].map((v) => -v)).not.toEqual(slopes);
  expect(() => new RReLU(1, 0)).toThrow("RReLU: expected lower <= upper, got 1 and 0");
});
