import { compile, tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { CrossEntropyLoss, crossEntropy } from "./crossEntropy.ts";

const classes = (...values: number[]) => tensor(values, [values.length], { dtype: "int32" });

test("targets that do not fit are named", () => {
  const logits = zeros([2, 3]);
  expect(() => crossEntropy(logits, classes(0, 3))).toThrow("class indices in [0, 3), or -100 to ignore, got 3");
  expect(() => crossEntropy(logits, classes(0))).toThrow("class indices [2] for scores [2, 3], got [1]");
  expect(() => crossEntropy(logits, zeros([2]))).toThrow("a target of the input's shape [2, 3], got [2]");
  expect(() => crossEntropy(logits, classes(0, 1), { weight: zeros([2]) })).toThrow("a weight for each class, [3]");
  expect(() => crossEntropy(logits, classes(0, 1), { labelSmoothing: 2 })).toThrow("labelSmoothing in [0, 1], got 2");
  expect(() => crossEntropy(logits, classes(0, 1), { reduction: "men" as "mean" })).toThrow(
    "mean, sum or none, got men",
  );
});

test("a class out of range counts for nothing in a compiled function", () => {
  const loss = compile((x: ReturnType<typeof zeros>, t: ReturnType<typeof zeros>) => crossEntropy(x, t));
  expect(loss(zeros([2, 3]), classes(1, 7)).item()).toBeCloseTo(Math.log(3), 6);
});

test("no overflow of large logits", () => {
  const loss = new CrossEntropyLoss().forward(tensor([1000, 0, -1000], [1, 3]), classes(2));
  expect(loss.item()).toBe(2000);
});
