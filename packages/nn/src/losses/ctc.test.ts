import { compile, logSoftmax, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { CTCLoss, ctcLoss, MultiLabelMarginLoss, multilabelMarginLoss } from "../index.ts";

const int = (values: number[], shape: number[]): Tensor => tensor(values, shape, { dtype: "int32" });
const logProbs = logSoftmax(zeros([4, 2, 3]), -1);
const targets = int([1, 2, 1, -1], [2, 2]);

test("lengths as lists and as tensors, in compiled functions too", () => {
  const expected = ctcLoss(logProbs, targets, [4, 3], [2, 1], { reduction: "none" });
  const tensors = [int([4, 3], [2]), int([2, 1], [2])] as const;
  const loss = new CTCLoss({ reduction: "none" });
  expect(loss.forward(logProbs, targets, ...tensors).toNested()).toEqual(expected.toNested());
  const run = compile((x: Tensor, times: Tensor, symbols: Tensor) => loss.forward(x, targets, times, symbols));
  run(logProbs, int([4, 4], [2]), int([1, 1], [2]));
  const found = run(logProbs, ...tensors).toArray();
  expected.toArray().forEach((v, i) => {
    expect(found[i]).toBeCloseTo(v, 5);
  });
  // Of 3³ alignments of the second sample six say 1: 1 for a while, with blanks around.
  expect(Math.exp(-(found[1] as number)) * 27).toBeCloseTo(6, 4);
});

test("sequences and labels that do not fit are errors", () => {
  const loss = (t: Tensor, ...rest: [readonly number[], readonly number[], { blank: number }?]) =>
    ctcLoss(logProbs, t, ...rest);
  expect(() => loss(int([1, 2], [2]), [4, 4], [1, 1])).toThrow(
    "ctcLoss: expected logProbs [T, N, C] and targets [N, S]",
  );
  expect(() => loss(zeros([2, 2]), [4, 4], [1, 1])).toThrow("ctcLoss: expected int32 targets, got float32");
  expect(() => loss(targets, [5, 4], [1, 1])).toThrow("ctcLoss: expected inputLengths in [0, 4], got 5");
  expect(() => loss(targets, [4, 4], [1, -1])).toThrow("ctcLoss: expected targetLengths in [0, 2], got -1");
  expect(() => loss(targets, [4], [1, 1])).toThrow("ctcLoss: expected inputLengths [2], got [1]");
  expect(() => loss(targets, [4, 4], [1, 1], { blank: 3 })).toThrow("ctcLoss: expected a blank in [0, 3), got 3");
  expect(() => ctcLoss(logProbs, targets, zeros([2]), [1, 1])).toThrow("ctcLoss: expected int32 inputLengths");
  expect(() => multilabelMarginLoss(zeros([2, 2]), zeros([2, 2]))).toThrow("expected an int32 target, got float32");
  expect(() => multilabelMarginLoss(zeros([2, 3]), targets)).toThrow(
    "a target of the input's shape [2, 3], got [2, 2]",
  );
});

test("MultiLabelMarginLoss does what its function does, with its options", () => {
  const x = tensor([0.5, -1, 2, 0], [2, 2]);
  const list = int([1, -1, 0, -1], [2, 2]);
  const options = { reduction: "none" } as const;
  expect(new MultiLabelMarginLoss(options).forward(x, list).toNested()).toEqual(
    multilabelMarginLoss(x, list, options).toNested(),
  );
});
