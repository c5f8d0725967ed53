import { Generator, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Linear } from "./linear.ts";

test("initial values are drawn from ±1/√inFeatures", () => {
  const layer = new Linear(100, 50, { generator: new Generator(0) });
  for (const p of layer.parameters()) {
    const largest = Math.max(...p.toArray().map(Math.abs));
    expect(largest).toBeLessThanOrEqual(0.1);
    expect(largest).toBeGreaterThan(0.08);
  }
});

test("works on the last axis, and names what does not fit", () => {
  const layer = new Linear(3, 2);
  expect(layer.forward(zeros([4, 5, 3])).shape).toEqual([4, 5, 2]);
  expect(() => layer.forward(zeros([4, 2]))).toThrow("[4, 2] and [2, 3]ᵀ");
});
