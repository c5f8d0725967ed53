import { Generator, isGraftError, ones, randomNormal, type Shape, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import type { Module } from "../module.ts";
import { Conv1d } from "./conv1d.ts";
import { Conv2d } from "./conv2d.ts";
import { Conv3d, type Conv3dOptions } from "./conv3d.ts";
import { ConvTranspose1d } from "./convTranspose1d.ts";
import { ConvTranspose2d } from "./convTranspose2d.ts";

const generator = (): Generator => new Generator(3);

describe("initial values are drawn from ±1/√fanIn of the weight's shape", () => {
  test.each<[string, Module & { weight: Tensor }, number[], number]>([
    ["Conv1d", new Conv1d(24, 16, 5, { groups: 2, generator: generator() }), [16, 12, 5], 12 * 5],
    ["Conv3d", new Conv3d(8, 12, 3, { generator: generator() }), [12, 8, 3, 3, 3], 8 * 27],
    ["ConvTranspose1d", new ConvTranspose1d(16, 24, 5, { groups: 2, generator: generator() }), [16, 12, 5], 12 * 5],
    ["ConvTranspose2d", new ConvTranspose2d(16, 24, [3, 2], { generator: generator() }), [16, 24, 3, 2], 24 * 6],
  ])("%s", (_, layer, shape, fanIn) => {
    expect(layer.weight.shape).toEqual(shape);
    expect([...layer.namedParameters().keys()]).toEqual(["weight", "bias"]);
    const bound = 1 / Math.sqrt(fanIn);
    for (const p of layer.parameters()) {
      const largest = Math.max(...p.toArray().map(Math.abs));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.8 * bound);
    }
  });
});

test("same keeps the size, with what is odd at the end", () => {
  const layer = new Conv1d(1, 1, 4, { padding: "same", bias: false, initialize: () => tensor([[[1, 0, 0, 0]]]) });
  expect(layer.forward(tensor([[[1, 2, 3]]])).toNested()).toEqual([[[0, 1, 2]]]);
  expect(new Conv2d(1, 1, [3, 5], { padding: "same", dilation: 2 }).forward(zeros([1, 1, 4, 7])).shape).toEqual([
    1, 1, 4, 7,
  ]);
  expect(new Conv3d(1, 1, 2, { padding: "same" }).forward(zeros([1, 3, 4, 5])).shape).toEqual([1, 3, 4, 5]);
});

test.each(["reflect", "replicate", "circular"] as const)("names padding in 3-d mode %s", (paddingMode) => {
  const options = { paddingMode, bias: false, initialize: (shape: Shape) => ones(shape) };
  const x = randomNormal([1, 2, 3, 4, 5], generator());
  const y = (padding: Conv3dOptions["padding"]): Tensor =>
    new Conv3d(2, 1, [2, 1, 3], { ...options, ...(padding !== undefined && { padding }) }).forward(x);
  expect(y("same").shape).toEqual([1, 1, 3, 4, 5]);
  expect(y("same").toNested()).toEqual(y([0, 0, 1, 1, 0, 1]).toNested());
  expect(y("valid").toNested()).toEqual(y(0).toNested());
});

describe("what does not go together is an error that says so", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["groups", () => new ConvTranspose2d(4, 3, 2, { groups: 2 }), /ConvTranspose2d: .*multiples of groups, got 4 to 3/],
    [
      "same with a stride",
      () => new Conv2d(1, 1, 3, { padding: "same", stride: 2 }),
      /Conv2d: .*with stride 1, "same"/,
    ],
    ["a name that is none", () => new Conv1d(1, 1, 3, { padding: "full" as "same" }), /Conv1d: .*"valid"/],
    [
      "a mode that is none",
      () => new Conv2d(1, 1, 3, { paddingMode: "wrap" as "zeros" }),
      /a padding mode out of zeros/,
    ],
    [
      "same with a stride along one axis",
      () => new Conv3d(1, 1, 3, { padding: "same", stride: [1, 1, 2], paddingMode: "reflect" }),
      /Conv3d: .*with stride 1, "same"/,
    ],
    [
      "output padding",
      () => new ConvTranspose1d(1, 1, 3, { outputPadding: 1 }).forward(zeros([1, 1, 4])),
      /outputPadding < max/,
    ],
    [
      "channels",
      () => new ConvTranspose2d(2, 1, 3).forward(zeros([1, 3, 4, 4])),
      /convTranspose2d: .*got \[1, 3, 4, 4\]/,
    ],
    ["axes", () => new Conv1d(2, 1, 3).forward(zeros([1, 2, 4, 4])), /conv1d: expected \[N, C, L\]/],
    [
      "nothing left",
      () => new ConvTranspose2d(1, 1, 2, { padding: 2 }).forward(zeros([1, 1, 2, 2])),
      /at least one row/,
    ],
  ])("%s", (_, fn, message) => {
    expect(fn).toThrow(message);
    try {
      fn();
    } catch (error) {
      expect(isGraftError(error)).toBe(true);
    }
  });
});

test("an empty batch stays empty", () => {
  expect(new Conv1d(2, 3, 2).forward(zeros([0, 2, 5])).shape).toEqual([0, 3, 4]);
  expect(new Conv3d(2, 3, 2).forward(zeros([0, 2, 5, 5, 5])).shape).toEqual([0, 3, 4, 4, 4]);
  expect(new ConvTranspose2d(2, 3, 2).forward(zeros([0, 2, 5, 5])).shape).toEqual([0, 3, 6, 6]);
});
