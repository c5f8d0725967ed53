import { zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { LayerNorm } from "./layerNorm.ts";

test("normalises the axes it was made for, and no others", () => {
  expect(() => new LayerNorm([4, 3]).forward(zeros([2, 3, 4]))).toThrow(
    "LayerNorm: expected last axes of shape [4, 3], got [2, 3, 4]",
  );
  expect([...new LayerNorm(4, { bias: false }).namedParameters().keys()]).toEqual(["weight"]);
  expect(new LayerNorm(4, { elementwiseAffine: false }).parameters()).toEqual([]);
});
