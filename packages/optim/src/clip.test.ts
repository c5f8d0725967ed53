import { tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { clipGradNorm, clipGradValue } from "./index.ts";

function parameters() {
  const [a, b, c] = [0, 0, 0].map(() => tensor([0, 0], [2], { requiresGrad: true }));
  if (!a || !b || !c) throw new Error("three");
  a.grad = tensor([3, 0], [2]);
  b.grad = tensor([0, -4], [2]);
  return [a, b, c];
}

test("gradients are scaled by one factor; those that are missing stay so", () => {
  const list = parameters();
  expect(clipGradNorm(list, 1).item()).toBeCloseTo(5, 6);
  expect(list.map((p) => p.grad?.toNested())).toEqual([
    [expect.closeTo(0.6, 5), 0],
    [0, expect.closeTo(-0.8, 5)],
    undefined,
  ]);
  expect(clipGradNorm(list, 2).item()).toBeCloseTo(1, 5);
  expect(list[0]?.grad?.toNested()).toEqual([expect.closeTo(0.6, 5), 0]);
});

test("other norms", () => {
  expect(clipGradNorm(parameters(), 1, { normType: 1 }).item()).toBeCloseTo(7, 5);
  expect(clipGradNorm(parameters(), 1, { normType: Number.POSITIVE_INFINITY }).item()).toBe(4);
  expect(clipGradNorm([], 1).item()).toBe(0);
});

test("values are bounded one by one", () => {
  const list = parameters();
  clipGradValue(list, 3.5);
  expect(list.map((p) => p.grad?.toNested())).toEqual([[3, 0], [0, -3.5], undefined]);
});
