import { tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Embedding } from "./embedding.ts";

test("rows by index, whose gradients add up", () => {
  const layer = new Embedding(3, 2);
  const y = layer.forward(tensor([2, 0, 2], [1, 3], { dtype: "int32" }));
  expect(y.shape).toEqual([1, 3, 2]);
  y.backward(tensor([1, 2, 3, 4, 5, 6], [1, 3, 2]));
  expect(layer.weight.grad?.toNested()).toEqual([
    [3, 4],
    [0, 0],
    [6, 8],
  ]);
});

test("maxNorm scales the rows that are looked up, in the table, unless it is frozen", () => {
  const rows = [3, 4, 0.3, 0.4, 30, 40];
  const layer = new Embedding(3, 2, { maxNorm: 1, initialize: (shape) => tensor(rows, shape) });
  const first = tensor([0, 1], undefined, { dtype: "int32" });
  const close = (actual: number[], expected: number[]) =>
    expected.forEach((v, i) => {
      expect(actual[i]).toBeCloseTo(v, 5);
    });
  close([...layer.forward(first).toArray()], [0.6, 0.8, 0.3, 0.4]);
  close([...layer.weight.toArray()], [0.6, 0.8, 0.3, 0.4, 30, 40]);
  layer.freeze();
  close([...layer.forward(tensor([2], undefined, { dtype: "int32" })).toArray()], [30, 40]);
  close([...layer.weight.toArray()], [0.6, 0.8, 0.3, 0.4, 30, 40]);
  expect(() => new Embedding(3, 2, { maxNorm: 0 })).toThrow("Embedding: expected maxNorm > 0, got 0");
});
