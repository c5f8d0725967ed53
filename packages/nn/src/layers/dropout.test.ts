import { Generator, ones } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Dropout } from "./dropout.ts";

test("drops its share, and scales what remains", () => {
  const y = new Dropout(0.25, { generator: new Generator(1) }).forward(ones([10_000])).toArray();
  const kept = y.filter((v) => v !== 0);
  expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.75)]));
  expect(kept.length / 10_000).toBeCloseTo(0.75, 1);
});

test("the gradient passes where the value passed", () => {
  const x = ones([100], { requiresGrad: true });
  const y = new Dropout(0.5, { generator: new Generator(2) }).forward(x);
  y.backward(ones([100]));
  expect(x.grad?.toArray()).toEqual(y.toArray());
});

test("does nothing in evaluation mode; drops all with p = 1; wants a probability", () => {
  const x = ones([8]);
  expect(new Dropout().eval().forward(x)).toBe(x);
  expect([...new Dropout(1).forward(x).toArray()]).toEqual(new Array(8).fill(0));
  expect(() => new Dropout(1.5)).toThrow("Dropout: expected a probability in [0, 1], got 1.5");
});
