import { tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { BatchNorm2d, copyStateDict, Linear, Sequential, StateDictError } from "./index.ts";

const filled = (shape: number[], value: number) =>
  tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);

test("a state dictionary has all parameters and buffers, and loads into another module", () => {
  const make = (): Sequential => new Sequential(new Linear(2, 3), new BatchNorm2d(3));
  const [a, b] = [make(), make()];
  const dict = a.stateDict();
  expect(Object.keys(dict)).toEqual(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"]);
  b.loadStateDict(dict);
  for (const [name, value] of Object.entries(b.stateDict())) expect(value.toArray()).toEqual(dict[name]?.toArray());
});

test("it shares memory, a copy does not", async () => {
  const layer = new Linear(1, 1, { bias: false });
  const [dict, copy] = [layer.stateDict(), await copyStateDict(layer.stateDict())];
  const before = layer.weight.item();
  layer.weight.assign([before + 1]);
  expect(dict.weight?.item()).toBe(layer.weight.item());
  expect(copy.weight?.item()).toBe(before);
});

test("num_batches_tracked is passed over", () => {
  const bn = new BatchNorm2d(1);
  bn.loadStateDict({ ...bn.stateDict(), num_batches_tracked: tensor([7], [], { dtype: "int32" }) });
});

test("names and shapes that do not fit are listed, and nothing is loaded", () => {
  const layer = new Linear(2, 1);
  const before = [...layer.weight.toArray()];
  const load = () => layer.loadStateDict({ weight: filled([1, 2], 5), extra: zeros([1]) });
  expect(load).toThrow(StateDictError);
  expect(load).toThrow(expect.objectContaining({ missing: ["bias"], unexpected: ["extra"], mismatched: [] }));
  expect([...layer.weight.toArray()]).toEqual(before);
  const mismatched = () => layer.loadStateDict({ weight: filled([1, 2], 5), bias: zeros([2]) }, { strict: false });
  expect(mismatched).toThrow("bias expected float32 [1], got float32 [2]");
  expect([...layer.weight.toArray()]).toEqual(before);
});

test("without strict, what is there is loaded, and the rest reported", () => {
  const layer = new Linear(2, 1);
  const report = layer.loadStateDict({ weight: filled([1, 2], 5), extra: zeros([1]) }, { strict: false });
  expect(report).toEqual({ missing: ["bias"], unexpected: ["extra"] });
  expect([...layer.weight.toArray()]).toEqual([5, 5]);
});
