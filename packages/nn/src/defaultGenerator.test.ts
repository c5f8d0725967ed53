import { compile, Generator, ones } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Dropout, Linear, manualSeed } from "./index.ts";

test("a seed gives the same layers again", () => {
  manualSeed(7);
  const a = new Linear(4, 3);
  const next = new Linear(4, 3);
  manualSeed(7);
  const b = new Linear(4, 3);
  expect(b.weight.toArray()).toEqual(a.weight.toArray());
  expect(next.weight.toArray()).not.toEqual(a.weight.toArray());
});

test("a generator of one's own does not touch the default one", () => {
  manualSeed(7);
  const a = new Linear(4, 3);
  manualSeed(7);
  new Linear(5, 5, { generator: new Generator(1) });
  expect(new Linear(4, 3).weight.toArray()).toEqual(a.weight.toArray());
});

test("compiled functions draw anew each time, and follow manualSeed", () => {
  const dropout = new Dropout(0.5);
  const fn = compile((x: ReturnType<typeof ones>) => dropout.forward(x));
  const x = ones([64]);
  manualSeed(3);
  const [first, second] = [fn(x).toArray(), fn(x).toArray()];
  manualSeed(3);
  expect(fn(x).toArray()).toEqual(first);
  expect(second).not.toEqual(first);
  manualSeed(3);
  expect(dropout.forward(x).toArray()).toEqual(first);
});
