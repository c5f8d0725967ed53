import { type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import * as nn from "../index.ts";

const [a, b] = [tensor([0.2, 0.7], [2]), tensor([0, 1], [2])];

describe("the class of a loss does what its function does, with its options", () => {
  test.each([
    ["MSELoss", new nn.MSELoss({ reduction: "sum" }), nn.mseLoss(a, b, { reduction: "sum" })],
    ["L1Loss", new nn.L1Loss({ reduction: "none" }), nn.l1Loss(a, b, { reduction: "none" })],
    ["SmoothL1Loss", new nn.SmoothL1Loss({ beta: 0.25 }), nn.smoothL1Loss(a, b, { beta: 0.25 })],
    ["HuberLoss", new nn.HuberLoss({ delta: 0.25 }), nn.huberLoss(a, b, { delta: 0.25 })],
    ["BCELoss", new nn.BCELoss({ weight: a }), nn.binaryCrossEntropy(a, b, { weight: a })],
    [
      "BCEWithLogitsLoss",
      new nn.BCEWithLogitsLoss({ posWeight: a }),
      nn.binaryCrossEntropyWithLogits(a, b, { posWeight: a }),
    ],
    ["KLDivLoss", new nn.KLDivLoss({ reduction: "batchmean" }), nn.klDiv(a, b, { reduction: "batchmean" })],
    [
      "CrossEntropyLoss",
      new nn.CrossEntropyLoss({ labelSmoothing: 0.5 }),
      nn.crossEntropy(a, b, { labelSmoothing: 0.5 }),
    ],
  ] as const)("%s", (_, loss, value) => {
    expect(loss.forward(a, b).toNested()).toEqual(value.toNested());
  });

  const [x, y, z] = [
    [1, 2, 3, 4],
    [4, 3, 1, 2],
    [0, 1, 1, 0],
  ].map((v) => tensor(v, [2, 2])) as [Tensor, Tensor, Tensor];
  const signs = tensor([1, -1], [2]);
  const classes = tensor([1, 0], [2], { dtype: "int32" });
  test.each([
    ["FocalLoss", new nn.FocalLoss({ gamma: 1 }).forward(x, classes), nn.focalLoss(x, classes, { gamma: 1 })],
    ["DiceLoss", new nn.DiceLoss({ smooth: 2 }).forward(x, classes), nn.diceLoss(x, classes, { smooth: 2 })],
    ["SigmoidFocalLoss", new nn.SigmoidFocalLoss({ gamma: 1 }).forward(x, z), nn.sigmoidFocalLoss(x, z, { gamma: 1 })],
    ["MultiMarginLoss", new nn.MultiMarginLoss({ p: 2 }).forward(x, classes), nn.multiMarginLoss(x, classes, { p: 2 })],
    [
      "SoftMarginLoss",
      new nn.SoftMarginLoss({ reduction: "sum" }).forward(a, signs),
      nn.softMarginLoss(a, signs, { reduction: "sum" }),
    ],
    [
      "MultiLabelSoftMarginLoss",
      new nn.MultiLabelSoftMarginLoss({ weight: a }).forward(x, z),
      nn.multilabelSoftMarginLoss(x, z, { weight: a }),
    ],
    ["PoissonNLLLoss", new nn.PoissonNLLLoss({ full: true }).forward(x, y), nn.poissonNllLoss(x, y, { full: true })],
    ["GaussianNLLLoss", new nn.GaussianNLLLoss({ eps: 2 }).forward(x, y, y), nn.gaussianNllLoss(x, y, y, { eps: 2 })],
    [
      "HingeEmbeddingLoss",
      new nn.HingeEmbeddingLoss({ margin: 2 }).forward(a, signs),
      nn.hingeEmbeddingLoss(a, signs, { margin: 2 }),
    ],
    [
      "MarginRankingLoss",
      new nn.MarginRankingLoss({ margin: 2 }).forward(a, b, signs),
      nn.marginRankingLoss(a, b, signs, { margin: 2 }),
    ],
    [
      "CosineEmbeddingLoss",
      new nn.CosineEmbeddingLoss({ margin: 0.1 }).forward(x, y, signs),
      nn.cosineEmbeddingLoss(x, y, signs, { margin: 0.1 }),
    ],
    ["TripletMarginLoss", new nn.TripletMarginLoss({ p: 1 }).forward(x, y, z), nn.tripletMarginLoss(x, y, z, { p: 1 })],
    [
      "ContrastiveLoss",
      new nn.ContrastiveLoss({ margin: 9 }).forward(x, y, b),
      nn.contrastiveLoss(x, y, b, { margin: 9 }),
    ],
    ["InfoNCELoss", new nn.InfoNCELoss({ symmetric: true }).forward(x, y), nn.infoNceLoss(x, y, { symmetric: true })],
    [
      "DistillationLoss",
      new nn.DistillationLoss({ alpha: 0.2 }).forward(x, y, classes),
      nn.distillationLoss(x, y, classes, { alpha: 0.2 }),
    ],
  ] as const)("%s", (_, value, expected) => {
    expect(value.toNested()).toEqual(expected.toNested());
  });

  test("NLLLoss", () => {
    const target = tensor([1], [], { dtype: "int32" });
    expect(new nn.NLLLoss().forward(a, target).item()).toBeCloseTo(-0.7, 6);
  });
});

test("losses do not broadcast", () => {
  for (const loss of [
    nn.mseLoss,
    nn.l1Loss,
    nn.huberLoss,
    nn.klDiv,
    nn.binaryCrossEntropy,
    nn.binaryCrossEntropyWithLogits,
  ]) {
    expect(() => loss(zeros([2, 1]), zeros([2]))).toThrow("a target of the input's shape [2, 1], got [2]");
  }
});

test("options out of range are named", () => {
  expect(() => nn.huberLoss(a, b, { delta: 0 })).toThrow("huberLoss: expected delta > 0, got 0");
  expect(() => nn.smoothL1Loss(a, b, { beta: -1 })).toThrow("smoothL1Loss: expected beta >= 0, got -1");
  expect(nn.smoothL1Loss(a, b, { beta: 0 }).item()).toBeCloseTo(0.25, 6);
});

test("shapes that do not fit, and options out of range, are named", () => {
  const [x, y, one] = [zeros([2, 3]), zeros([2, 3]), zeros([2])];
  expect(() => nn.cosineEmbeddingLoss(x, y, zeros([3]))).toThrow("inputs [N, D] with a target [N], or [D] with []");
  expect(() => nn.contrastiveLoss(x, y, zeros([3]))).toThrow("got [2, 3] with [3]");
  expect(() => nn.gaussianNllLoss(x, y, zeros([3]))).toThrow("expected variances [2, 3], [2, 1] or [2], got [3]");
  expect(() => nn.multilabelSoftMarginLoss(x, y, { weight: one })).toThrow("weights [C], got [2, 3] and [2]");
  expect(() => nn.multiMarginLoss(x, one)).toThrow("expected int32 class indices, got float32");
  expect(() => nn.multiMarginLoss(x, one, { p: 3 as 2 })).toThrow("expected p of 1 or 2, got 3");
  expect(() => nn.tripletMarginLoss(x, y, one)).toThrow("a target of the input's shape [2, 3], got [2]");
  expect(() => nn.infoNceLoss(one, one)).toThrow("queries and keys [N, D]");
  expect(() => nn.infoNceLoss(x, y, { temperature: 0 })).toThrow("expected temperature > 0, got 0");
  expect(() => nn.infoNceLoss(x, y, { symmetric: true, negatives: x })).toThrow("symmetric, or negatives, got both");
  expect(() => nn.distillationLoss(x, y, null, { temperature: -1 })).toThrow("expected temperature > 0, got -1");
  expect(() => nn.distillationLoss(x, y, null, { alpha: 2 })).toThrow("expected alpha in [0, 1], got 2");
  expect(() => nn.binaryCrossEntropy(tensor([2], [1]), tensor([1], [1]))).toThrow("probabilities in [0, 1], got 2");
});

test("a teacher learns nothing", () => {
  const [student, teacher] = [
    [1, 2],
    [2, 1],
  ].map((v) => tensor(v, [1, 2], { requiresGrad: true })) as [Tensor, Tensor];
  nn.distillationLoss(student, teacher).backward();
  expect(student.grad).not.toBe(null);
  expect(teacher.grad).toBe(null);
});

test("distillation of a single sample is that of a batch of one", () => {
  const [student, teacher] = [tensor([1, 2, 3], [3]), tensor([3, 1, 2], [3])];
  const batch = nn.distillationLoss(tensor([1, 2, 3], [1, 3]), tensor([3, 1, 2], [1, 3]));
  expect(nn.distillationLoss(student, teacher).item()).toBeCloseTo(batch.item(), 6);
});

test("large scores do not overflow", () => {
  expect(nn.softMarginLoss(tensor([-1000], [1]), tensor([1], [1])).item()).toBe(1000);
  expect(nn.multilabelSoftMarginLoss(tensor([1000, -1000], [2]), tensor([0, 1], [2])).item()).toBe(1000);
});

test("binary cross-entropy of certainties is finite, and so is its gradient", () => {
  const p = tensor([0, 1, 0, 1], [4], { requiresGrad: true });
  const loss = nn.binaryCrossEntropy(p, tensor([0, 1, 1, 0], [4]), { reduction: "sum" });
  expect(loss.item()).toBe(200);
  loss.backward();
  // As PyTorch has it where a certainty is wrong; the slope there is 1 / max(p (1 - p), 1e-12).
  expect([...(p.grad?.toArray() ?? [])]).toEqual([1, -1, -1e12, 1e12].map(Math.fround));
});
