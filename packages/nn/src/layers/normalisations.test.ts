import { compile, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d } from "./batchNorm1d.ts";
import { BatchNorm2d } from "./batchNorm2d.ts";
import { BatchNorm3d } from "./batchNorm3d.ts";
import { GroupNorm } from "./groupNorm.ts";
import { InstanceNorm1d } from "./instanceNorm1d.ts";
import { InstanceNorm2d } from "./instanceNorm2d.ts";
import { LocalResponseNorm } from "./localResponseNorm.ts";
import { RMSNorm } from "./rmsNorm.ts";

const rows = tensor([
  [1, 10],
  [3, 30],
]);

describe("a momentum of null averages over all steps", () => {
  test.each(["eager", "compiled"])("%s", (way) => {
    const bn = new BatchNorm1d(2, { momentum: null });
    const step = way === "eager" ? (x: Tensor) => bn.forward(x) : compile((x: Tensor) => bn.forward(x));
    step(rows);
    step(tensor([2, 0, 4, 0], [2, 2]));
    step(tensor([7, 1, 9, 1], [2, 2]));
    expect(bn.numBatchesTracked?.item()).toBe(3);
    expect(bn.runningMean?.toArray()[0]).toBeCloseTo((2 + 3 + 8) / 3, 5);
    expect(bn.runningMean?.toArray()[1]).toBeCloseTo((20 + 0 + 1) / 3, 5);
  });

  test("and goes on where the state was saved", () => {
    const first = new BatchNorm1d(2, { momentum: null });
    first.forward(rows);
    const second = new BatchNorm1d(2, { momentum: null });
    expect(second.loadStateDict(first.stateDict())).toEqual({ missing: [], unexpected: [] });
    second.forward(tensor([2, 0, 4, 0], [2, 2]));
    expect(second.runningMean?.toArray()[0]).toBeCloseTo(2.5, 5);
  });

  test("the others neither count nor mind", () => {
    const bn = new BatchNorm2d(1);
    expect([...bn.namedBuffers().keys()]).toEqual(["running_mean", "running_var"]);
    const count = tensor([7], [], { dtype: "int32" });
    expect(bn.loadStateDict({ ...bn.stateDict(), num_batches_tracked: count }).unexpected).toEqual([]);
  });
});

test("instance statistics are taken up as means over the batch", () => {
  const norm = new InstanceNorm1d(1, { trackRunningStats: true, momentum: 0.5 });
  norm.forward(tensor([1, 3, 10, 30], [2, 1, 2]));
  expect(norm.runningMean?.item()).toBeCloseTo((0 + 11) / 2, 5);
  // Unbiased variances 2 and 200.
  expect(norm.runningVar?.item()).toBeCloseTo((1 + 101) / 2, 5);
  const before = norm.runningMean?.item();
  norm.freeze().forward(tensor([5, 6], [1, 2]));
  expect(norm.runningMean?.item()).toBe(before);
  expect(Object.keys(new InstanceNorm2d(3).stateDict())).toEqual([]);
});

test("names of the state are PyTorch's", () => {
  const keys = (layer: { stateDict(): object }): string[] => Object.keys(layer.stateDict());
  expect(keys(new InstanceNorm2d(3, { affine: true, trackRunningStats: true }))).toEqual([
    "weight",
    "bias",
    "running_mean",
    "running_var",
  ]);
  expect(keys(new GroupNorm(2, 4))).toEqual(["weight", "bias"]);
  expect(keys(new RMSNorm(4))).toEqual(["weight"]);
  expect(keys(new BatchNorm3d(4, { momentum: null })).at(-1)).toBe("num_batches_tracked");
});

describe("what does not fit is an error that says so", () => {
  test.each<[string, () => unknown, string]>([
    [
      "BatchNorm1d",
      () => new BatchNorm1d(2).forward(zeros([1, 2, 3, 4])),
      "BatchNorm1d: expected [N, C] or [N, C, L] with C = 2, got [1, 2, 3, 4]",
    ],
    ["BatchNorm1d channels", () => new BatchNorm1d(2).forward(zeros([4, 3])), "with C = 2, got [4, 3]"],
    ["BatchNorm3d", () => new BatchNorm3d(2).forward(zeros([1, 2, 3, 4])), "BatchNorm3d: expected [N, C, D, H, W]"],
    [
      "InstanceNorm1d",
      () => new InstanceNorm1d(2).forward(zeros([2, 3, 4, 5])),
      "InstanceNorm1d: expected [N, C, L] or [C, L]",
    ],
    [
      "InstanceNorm2d of a pixel",
      () => new InstanceNorm2d(2).forward(zeros([2, 2, 1, 1])),
      "more than one value a plane",
    ],
    ["GroupNorm", () => new GroupNorm(3, 4), "4 channels in 3 groups"],
    ["GroupNorm of one value", () => new GroupNorm(2, 2).forward(zeros([1, 2])), "more than one value for each group"],
    ["RMSNorm", () => new RMSNorm(4).forward(zeros([2, 3])), "last axes, and a weight, of shape [4]"],
    [
      "LocalResponseNorm",
      () => new LocalResponseNorm(3).forward(zeros([2, 3])),
      "localResponseNorm: expected [N, C, ...]",
    ],
  ])("%s", (_, fn, message) => expect(fn).toThrow(message));
});

test("nothing stays nothing", () => {
  expect(new GroupNorm(2, 4).forward(zeros([0, 4, 3])).shape).toEqual([0, 4, 3]);
  expect(new InstanceNorm2d(4).forward(zeros([0, 4, 3, 3])).shape).toEqual([0, 4, 3, 3]);
  expect(new RMSNorm(4).forward(zeros([0, 4])).shape).toEqual([0, 4]);
  expect(new LocalResponseNorm(2).forward(zeros([0, 4, 2])).shape).toEqual([0, 4, 2]);
});
