import { Linear } from "@graftjs/nn";
import { expect, test } from "vitest";
import { ExponentialMovingAverage } from "./index.ts";

test("takes weights up by their share, swaps there and back, and leaves what does not change bit for bit", () => {
  const layer = new Linear(3, 1);
  const [weight, bias] = [[...layer.weight.toArray()], [...(layer.bias?.toArray() ?? [])]];
  const average = new ExponentialMovingAverage(layer, { decay: 0.75 });
  const moved = weight.map((w) => w + 1);
  layer.weight.assign(moved);
  average.update();
  average.swap();
  expect([...layer.weight.toArray()]).toEqual(weight.map((w) => expect.closeTo(w + 0.25, 6)));
  expect([...(layer.bias?.toArray() ?? [])]).toEqual(bias);
  average.swap();
  expect([...layer.weight.toArray()]).toEqual(moved.map(Math.fround));
});
