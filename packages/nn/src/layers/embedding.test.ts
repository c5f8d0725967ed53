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
