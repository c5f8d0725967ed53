import { tensor, zeros } from "@graftjs/tensor";
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

test("binary cross-entropy of certainties is finite, and so is its gradient", () => {
  const p = tensor([0, 1, 0, 1], [4], { requiresGrad: true });
  const loss = nn.binaryCrossEntropy(p, tensor([0, 1, 1, 0], [4]), { reduction: "sum" });
  expect(loss.item()).toBe(200);
  loss.backward();
  expect([...(p.grad?.toArray() ?? [])].every(Number.isFinite)).toBe(true);
});
