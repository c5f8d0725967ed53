import { describe, expect, it } from "vitest";
import { bootstrapInterval } from "./bootstrapInterval.ts";

const mean = (values: readonly number[]) => (indices: Int32Array) =>
  indices.reduce((sum, index) => sum + (values[index] as number), 0) / indices.length;

describe("bootstrapInterval", () => {
  it("is a point where all examples are the same", () => {
    expect(bootstrapInterval(5, mean([2, 2, 2, 2, 2]))).toEqual({ estimate: 2, low: 2, high: 2 });
  });

  it("comes near the normal approximation for a share", () => {
    // 80 right of 100: the standard error is sqrt(0.8 · 0.2 / 100) = 0.04, so 95 % are within about ±0.0784.
    const right = Array.from({ length: 100 }, (_, i) => Number(i < 80));
    const { estimate, low, high } = bootstrapInterval(100, mean(right), { resamples: 4000 });
    expect(estimate).toBe(0.8);
    expect(low).toBeGreaterThan(0.7);
    expect(low).toBeLessThan(0.74);
    expect(high).toBeGreaterThan(0.86);
    expect(high).toBeLessThan(0.9);
  });

  it("is a function of the seed", () => {
    const values = Array.from({ length: 30 }, (_, i) => i * i);
    const interval = (seed: number) => bootstrapInterval(30, mean(values), { seed, resamples: 50 });
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1).low).not.toBe(interval(2).low);
  });

  it("draws each index about equally often, and none outside", () => {
    const counts = new Int32Array(7);
    bootstrapInterval(7, (indices) => indices.reduce((_, index) => ++counts[index]!, 0), { resamples: 7000 });
    for (const count of counts) expect(Math.abs(count - 7001)).toBeLessThan(400);
  });

  it("refuses what makes no interval", () => {
    expect(() => bootstrapInterval(0, () => 0)).toThrow("at least 1 example");
    expect(() => bootstrapInterval(1, () => 0, { resamples: 0 })).toThrow("at least 1 resample");
    expect(() => bootstrapInterval(1, () => 0, { confidence: 1 })).toThrow("between 0 and 1");
  });
});
