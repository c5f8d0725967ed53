import { Generator, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Conv2d } from "./conv2d.ts";

test("initial values are drawn from ±1/√fanIn", () => {
  const layer = new Conv2d(16, 32, 3, { generator: new Generator(0) });
  const bound = 1 / Math.sqrt(16 * 9);
  for (const p of layer.parameters()) {
    const largest = Math.max(...p.toArray().map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.8 * bound);
  }
});

test("options shape weight and output", () => {
  const layer = new Conv2d(4, 6, [3, 1], { stride: [2, 1], padding: [1, 0], groups: 2, bias: false });
  expect(layer.weight.shape).toEqual([6, 2, 3, 1]);
  expect([...layer.namedParameters().keys()]).toEqual(["weight"]);
  expect(layer.forward(zeros([1, 4, 5, 5])).shape).toEqual([1, 6, 3, 5]);
});

test("channels must be multiples of groups", () => {
  expect(() => new Conv2d(3, 4, 1, { groups: 2 })).toThrow("3 to 4 channels in 2 groups");
});

test("a kernel is of at least one element", () => {
  expect(() => new Conv2d(1, 1, 0)).toThrow("a kernel of integers >= 1");
  expect(() => new Conv2d(1, 1, [3, 1.5])).toThrow("[3, 1.5]");
});
