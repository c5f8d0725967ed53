import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError, type GraftError, ShapeError } from "../errors.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { adaptiveMaxPool2d, globalMaxPool2d } from "./adaptiveMaxPool2d.ts";
import { avgPool2d } from "./avgPool2d.ts";
import { avgPool3d } from "./avgPool3d.ts";
import { conv1d } from "./conv1d.ts";
import { conv2d } from "./conv2d.ts";
import { conv3d } from "./conv3d.ts";
import { convTranspose1d } from "./convTranspose1d.ts";
import { convTranspose2d } from "./convTranspose2d.ts";
import { convTranspose3d } from "./convTranspose3d.ts";
import { groupNorm } from "./groupNorm.ts";
import { instanceNorm } from "./instanceNorm.ts";
import { interpolate } from "./interpolate.ts";
import { localResponseNorm } from "./localResponseNorm.ts";
import { maxPool1d } from "./maxPool1d.ts";
import { maxPool2d, maxPool2dWithIndices } from "./maxPool2d.ts";
import { maxPool3d, maxPool3dWithIndices } from "./maxPool3d.ts";
import { maxUnpool1d } from "./maxUnpool1d.ts";
import { maxUnpool2d } from "./maxUnpool2d.ts";
import { normalize } from "./normalize.ts";
import { channelShuffle, pixelShuffle, pixelUnshuffle } from "./pixelShuffle.ts";
import { resample } from "./resample.ts";
import { reshape } from "./reshape.ts";
import { rmsNorm } from "./rmsNorm.ts";
import { sum } from "./sum.ts";
import { fold, unfold } from "./unfold.ts";

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const list = (t: Tensor): number[] => Array.from(t.toArray());
const image = zeros([1, 3, 5, 5]);

describe("NaN and infinities, as in PyTorch", () => {
  test("the last NaN of a window is its maximum", () => {
    const { values, indices } = maxPool2dWithIndices(tensor([nan, 1, nan, 2, inf, -inf, -inf, -inf], [1, 1, 4, 2]), 2);
    expect([list(values), list(indices)]).toEqual([
      [nan, inf],
      [2, 4],
    ]);
    expect(list(maxPool2dWithIndices(tensor([-inf, -inf], [1, 1, 1, 2]), [1, 2]).indices)).toEqual([0]);
    const volume = maxPool3dWithIndices(tensor([1, nan, 0, 0, 2, 5, nan, 3], [1, 2, 2, 2]), 2);
    expect([list(volume.values), list(volume.indices)]).toEqual([[nan], [6]]);
    expect(list(adaptiveMaxPool2d(tensor([1, nan, 3], [1, 1, 1, 3]), [1, 2]))).toEqual([nan, nan]);
  });

  test("they stay where they are when resized", () => {
    const x = tensor([1, nan, 3, 4, inf, 6], [1, 1, 6]);
    expect(list(interpolate(x, { size: 3, mode: "linear" }))).toEqual([nan, 3.5, inf]);
    expect(list(interpolate(x, { size: 12 })).map(Number.isNaN)).toEqual(
      Array.from({ length: 12 }, (_, i) => i === 2 || i === 3),
    );
  });

  test("normalisations of one value, and of zeros", () => {
    expect(list(groupNorm(tensor([2, nan, 3, inf], [2, 2]), 2))).toEqual([0, nan, 0, nan]);
    const x = tensor([0, 0], [1, 2], { requiresGrad: true });
    const y = normalize(x);
    sum(y).backward();
    expect([list(y), list(x.grad as Tensor)]).toEqual([[0, 0], [1e12, 1e12].map(Math.fround)]);
  });
});

test("antialiasing leaves an axis alone that keeps its size", () => {
  const x = tensor([1, 5, 2, 8, 3, 4], [1, 1, 2, 3]);
  const y = interpolate(x, { scaleFactor: [1.2, 0.7], mode: "bicubic", antialias: true });
  expect(y.shape).toEqual([1, 1, 2, 2]);
  expect(interpolate(x, { scaleFactor: 1.2, mode: "bilinear", antialias: true }).toNested()).toEqual(x.toNested());
});

test("ties of a plane go to the first", () => {
  const x = tensor([1, 7, 7, 7], [1, 1, 2, 2], { requiresGrad: true });
  sum(globalMaxPool2d(x)).backward();
  expect(list(x.grad as Tensor)).toEqual([0, 1, 0, 0]);
});

test("values that meet when unpooled: the last one counts", () => {
  const places = tensor(Int32Array.of(1, 1), [1, 1, 2]);
  expect(list(maxUnpool1d(tensor([3, 4], [1, 1, 2]), places, 2))).toEqual([0, 4, 0, 0]);
});

test("a batch axis may be missing", () => {
  const x = tensor([1, 2, 3, 4], [1, 2, 2]);
  expect(maxPool2d(x, 2).shape).toEqual([1, 1, 1]);
  expect(avgPool2d(x, 2).toNested()).toEqual([[[2.5]]]);
  expect(conv2d(x, tensor([2], [1, 1, 1, 1])).toNested()).toEqual([
    [
      [2, 4],
      [6, 8],
    ],
  ]);
  expect(maxPool1d(reshape(x, [2, 2]), 2).toNested()).toEqual([[2], [4]]);
});

const rows: [what: string, fn: () => unknown, error: new (...args: never[]) => GraftError, message: RegExp][] = [
  [
    "avgPool2d with a divisor of 0",
    () => avgPool2d(image, 2, { divisorOverride: 0 }),
    ArgumentError,
    /avgPool2d: .*not 0/,
  ],
  ["conv1d of images", () => conv1d(image, zeros([1, 3, 2])), ShapeError, /conv1d: expected \[N, C, L\] or \[C, L\]/],
  [
    "conv1d with a 2-d weight",
    () => conv1d(zeros([1, 3, 5]), zeros([1, 3, 2, 2])),
    ShapeError,
    /a weight \[O, C\/groups, k\]/,
  ],
  [
    "conv2d same with a stride",
    () => conv2d(image, zeros([1, 3, 3, 3]), null, { padding: "same", stride: 2 }),
    ArgumentError,
    /with stride 1, "same"/,
  ],
  ["conv3d of images", () => conv3d(image, zeros([1, 3, 2, 2])), ShapeError, /conv3d: expected \[N, C, D, H, W\]/],
  [
    "conv3d of few slices",
    () => conv3d(zeros([1, 1, 1, 4, 4]), zeros([1, 1, 2, 2, 2])),
    ShapeError,
    /conv3d: .*as large as the dilated kernel/,
  ],
  [
    "conv3d with a depth stride of 0",
    () => conv3d(zeros([1, 1, 3, 4, 4]), zeros([1, 1, 2, 2, 2]), null, { stride: [0, 1, 1] }),
    ArgumentError,
    /conv3d/,
  ],
  [
    "convTranspose3d with another bias",
    () => convTranspose3d(zeros([1, 2, 2, 2, 2]), zeros([2, 1, 1, 1, 1]), zeros([2])),
    ShapeError,
    /convTranspose3d: .*a bias \[O\]/,
  ],
  [
    "convTranspose3d to nothing",
    () => convTranspose3d(zeros([1, 2, 2, 2]), zeros([1, 1, 1, 3, 3]), null, { padding: [1, 0, 0] }),
    ShapeError,
    /at least one slice, got 0/,
  ],
  ["maxPool3d of planes", () => maxPool3d(zeros([5, 5, 5]), 2), ShapeError, /maxPool3d: expected \[N, C, D, H, W\]/],
  ["avgPool3d of few slices", () => avgPool3d(zeros([1, 2, 4, 4]), [3, 2, 2]), ShapeError, /as large as the window/],
  [
    "convTranspose2d with another bias",
    () => convTranspose2d(image, zeros([3, 2, 2, 2]), zeros([3])),
    ShapeError,
    /convTranspose2d: .*bias \[O\]/,
  ],
  [
    "convTranspose2d of int32",
    () => convTranspose2d(zeros([1, 1, 2, 2], { dtype: "int32" }), zeros([1, 1, 2, 2], { dtype: "int32" })),
    DTypeError,
    /convTranspose2d/,
  ],
  [
    "convTranspose1d with much output padding",
    () => convTranspose1d(zeros([1, 1, 2]), zeros([1, 1, 2]), null, { stride: 2, outputPadding: 2 }),
    ArgumentError,
    /outputPadding < max\(stride, dilation\)/,
  ],
  ["adaptiveMaxPool2d to nothing", () => adaptiveMaxPool2d(image, 0), ShapeError, /an output size >= 1/],
  [
    "maxUnpool2d with other indices",
    () => maxUnpool2d(image, zeros([1, 3, 5, 4], { dtype: "int32" }), 2),
    ShapeError,
    /indices of the same shape/,
  ],
  [
    "maxUnpool2d to another size",
    () => maxUnpool2d(image, zeros([1, 3, 5, 5], { dtype: "int32" }), 2, { outputSize: 12 }),
    ArgumentError,
    /less than a stride \[2, 2\] from \[10, 10\]/,
  ],
  [
    "maxUnpool1d of images",
    () => maxUnpool1d(image, zeros([1, 3, 5, 5], { dtype: "int32" }), 2),
    ShapeError,
    /maxUnpool1d/,
  ],
  ["unfold of a matrix", () => unfold(zeros([4, 4]), 2), ShapeError, /unfold: expected \[N, C, H, W\]/],
  ["unfold with a large kernel", () => unfold(image, 6), ShapeError, /unfold: .*as large as the dilated kernel/],
  ["unfold with a stride of 0", () => unfold(image, 2, { stride: 0 }), ArgumentError, /unfold/],
  ["fold of too few blocks", () => fold(zeros([1, 4, 3]), 3, 2), ShapeError, /fold: expected \[N, C · 4, 4\]/],
  [
    "resample beyond the end",
    () => resample(zeros([3]), 0, { indices: [Int32Array.of(0, 3)], weights: null }),
    ArgumentError,
    /indices in \[0, 3\)/,
  ],
  [
    "resample without all weights",
    () => resample(zeros([3]), 0, { indices: [Int32Array.of(0, 1)], weights: [] }),
    ArgumentError,
    /and of their weights/,
  ],
  ["resample of nothing", () => resample(zeros([3]), 0, { indices: [], weights: null }), ArgumentError, /of nothing/],
  ["resample along axis 1 of one", () => resample(zeros([3]), 1, { indices: [], weights: null }), ShapeError, /axis/],
  [
    "interpolate of int32",
    () => interpolate(zeros([1, 1, 2, 2], { dtype: "int32" }), { size: 3, mode: "bilinear" }),
    DTypeError,
    /interpolate/,
  ],
  [
    "interpolate with antialias of area",
    () => interpolate(image, { size: 3, mode: "area", antialias: true }),
    ArgumentError,
    /antialias with mode bilinear or bicubic/,
  ],
  ["interpolate of nothing", () => interpolate(zeros([1, 1, 0, 2]), { size: 3 }), ShapeError, /\[0, 2\] to \[3, 3\]/],
  ["pixelShuffle by a fraction", () => pixelShuffle(image, 1.5), ArgumentError, /a factor that is an integer >= 1/],
  ["pixelUnshuffle of odd sizes", () => pixelUnshuffle(image, 2), ShapeError, /\[\.\.\., C, H · 2, W · 2\]/],
  ["channelShuffle in 2 groups of 3", () => channelShuffle(image, 2), ShapeError, /\[N, C · 2, \.\.\.\]/],
  ["groupNorm in 2 groups of 3", () => groupNorm(image, 2), ShapeError, /C divisible by 2/],
  ["groupNorm in half a group", () => groupNorm(image, 0.5), ArgumentError, /groups that are an integer/],
  [
    "groupNorm with another weight",
    () => groupNorm(image, 3, { weight: zeros([2]) }),
    ShapeError,
    /weight and bias \[3\]/,
  ],
  ["instanceNorm of rows", () => instanceNorm(zeros([2, 3])), ShapeError, /instanceNorm/],
  [
    "instanceNorm with another bias",
    () => instanceNorm(image, { bias: zeros([2]) }),
    ShapeError,
    /weight and bias \[C\]/,
  ],
  ["rmsNorm of other axes", () => rmsNorm(image, [5, 4]), ShapeError, /of shape \[5, 4\]/],
  ["rmsNorm of int32", () => rmsNorm(zeros([2], { dtype: "int32" }), 2), DTypeError, /rmsNorm/],
  [
    "localResponseNorm of 0 channels",
    () => localResponseNorm(image, 0),
    ArgumentError,
    /a size that is an integer >= 1/,
  ],
];

test.each(rows)("%s is an error", (_, fn, error, message) => {
  expect(fn).toThrow(error);
  expect(fn).toThrow(message);
});
