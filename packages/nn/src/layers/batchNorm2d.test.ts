import { tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { BatchNorm2d } from "./batchNorm2d.ts";

test("running statistics take up the batch's, with the unbiased variance", () => {
  const bn = new BatchNorm2d(1, { momentum: 0.5 });
  bn.forward(tensor([1, 2, 3, 6], [2, 1, 1, 2]));
  expect(bn.runningMean?.item()).toBeCloseTo(1.5, 6);
  // Squares of the differences sum to 14, over 4 - 1.
  expect(bn.runningVar?.item()).toBeCloseTo(0.5 + 7 / 3, 6);
});

test("evaluation leaves them alone, and takes one value a channel", () => {
  const bn = new BatchNorm2d(2).eval();
  expect(bn.forward(tensor([3, 4], [1, 2, 1, 1])).toNested()).toEqual([
    [[[expect.closeTo(3, 4)]], [[expect.closeTo(4, 4)]]],
  ]);
  expect([...(bn.runningMean?.toArray() ?? [])]).toEqual([0, 0]);
});

test("what is not [N, C, H, W], or too small to train on, is an error", () => {
  expect(() => new BatchNorm2d(2).forward(zeros([4, 2]))).toThrow(
    "BatchNorm2d: expected [N, C, H, W] with C = 2, got [4, 2]",
  );
  expect(() => new BatchNorm2d(2).forward(zeros([1, 2, 1, 1]))).toThrow("more than one value a channel");
});
