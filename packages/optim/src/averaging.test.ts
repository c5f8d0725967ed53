import { Linear } from "@graftjs/nn";
import { zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import {
  ExponentialMovingAverage,
  GradientAccumulator,
  Lookahead,
  OptimizerStateError,
  SGD,
  StochasticWeightAverage,
} from "./index.ts";

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

test("states that do not fit are refused, and nothing changes", () => {
  const layer = new Linear(3, 1);
  const average = new StochasticWeightAverage(layer);
  const { tensors } = average.stateDict();
  expect(Object.keys(tensors)).toEqual(["weight", "bias", "n_averaged"]);
  expect(() => average.loadStateDict({ tensors: { ...tensors, bias: zeros([2]) } })).toThrow(
    "expected an average bias of shape [1], got [2]",
  );
  const accumulator = new GradientAccumulator([layer.weight]);
  expect(() => accumulator.loadStateDict({ tensors: { 1: zeros([1]), count: zeros([]) } })).toThrow("for parameter 1");
  expect(() => accumulator.loadStateDict({ tensors: {} })).toThrow(OptimizerStateError);
  const lookahead = new Lookahead(new SGD([layer.weight]));
  const { groups } = lookahead.stateDict();
  expect(() => lookahead.loadStateDict({ groups, tensors: { "lookahead.0.slow": zeros([2]) } })).toThrow(
    "expected lookahead.0.slow of shape [1, 3]",
  );
});
