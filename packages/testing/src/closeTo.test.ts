import { tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { bitwiseEqual, closeTo } from "./closeTo.ts";
import { matchers } from "./matchers.ts";
import { sampleValues } from "./samples.ts";

expect.extend(matchers);

describe("closeTo", () => {
  test("allows atol + rtol · |expected|, and scale · the largest", () => {
    expect(closeTo([1.01], [1], { rtol: 0.02, atol: 0 }).pass).toBe(true);
    expect(closeTo([1.03], [1], { rtol: 0.02, atol: 0 }).pass).toBe(false);
    expect(closeTo([0.5, 100], [0, 100], { scale: 0.01 }).pass).toBe(true);
    expect(closeTo([1.5, 100], [0, 100], { scale: 0.01 }).pass).toBe(false);
  });

  test("takes NaN for NaN and infinities for themselves, and nothing else", () => {
    const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
    expect(closeTo([nan, inf, -inf], [nan, inf, -inf]).pass).toBe(true);
    for (const [a, e] of [
      [nan, 1],
      [1, nan],
      [inf, 1],
      [1, inf],
      [inf, -inf],
      [nan, inf],
    ] as const) {
      expect(closeTo([a], [e], { rtol: 1, atol: 1e9 }).pass).toBe(false);
    }
  });

  test("compares shapes, dtypes and lengths", () => {
    expect(closeTo(tensor([1, 2]), tensor([[1, 2]])).message).toBe("expected float32 [1, 2], got float32 [2]");
    expect(closeTo(tensor([1]), tensor(Int32Array.of(1))).pass).toBe(false);
    expect(closeTo([1], [1, 1]).message).toBe("expected 2 elements, got 1");
  });

  test("names the worst element", () => {
    expect(closeTo([1, 2, 9], [1, 1, 1]).message).toMatch(
      /^2 of 3 elements differ; the worst, at 2: expected 1, got 9/,
    );
  });

  test("is a matcher", () => {
    expect(tensor([1])).toBeCloseToTensor(tensor([1.000001]));
    expect(tensor([1])).not.toBeCloseToTensor([1.1]);
    expect(() => expect(tensor([1])).toBeCloseToTensor([2])).toThrowError(/1 of 1 elements differ/);
  });
});

test("bitwiseEqual tells +0 from -0, and takes equal NaNs", () => {
  expect(bitwiseEqual(tensor([0]), tensor([-0]))).toBe(false);
  expect(bitwiseEqual(tensor([Number.NaN, 1]), tensor([Number.NaN, 1]))).toBe(true);
  expect(bitwiseEqual(tensor([1]), tensor([1 + 2 ** -23]))).toBe(false);
  expect(bitwiseEqual(tensor([1, 2]), tensor([[1, 2]]))).toBe(false);
});

test("sample values differ, and keep away from multiples of 0.5", () => {
  const values = sampleValues([40, 5], 3);
  expect(new Set(values).size).toBe(200);
  for (const v of values) {
    expect(Math.abs(v)).toBeLessThanOrEqual(2);
    expect(Math.abs(v / 0.5 - Math.round(v / 0.5)) * 0.5).toBeGreaterThan(0.0199);
  }
  expect(sampleValues([40, 5], 3)).toEqual(values);
  expect(sampleValues([40, 5], 4)).not.toEqual(values);
});
