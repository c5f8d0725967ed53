import { describe, expect, test } from "vitest";
import { apply1 } from "../apply.ts";
import { ArgumentError, DTypeError, type GraftError, isGraftError, ShapeError } from "../errors.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { adaptiveAvgPool2d } from "./adaptiveAvgPool2d.ts";
import { argmax } from "./argmax.ts";
import { avgPool2d } from "./avgPool2d.ts";
import { batchNorm } from "./batchNorm.ts";
import { cdist } from "./cdist.ts";
import { concat } from "./concat.ts";
import { conv2d } from "./conv2d.ts";
import { expand } from "./expand.ts";
import { full } from "./full.ts";
import { ops } from "./index.ts";
import { indexAdd } from "./indexAdd.ts";
import { indexSelect } from "./indexSelect.ts";
import { layerNorm } from "./layerNorm.ts";
import { logSoftmax } from "./logSoftmax.ts";
import { matmul } from "./matmul.ts";
import { max } from "./max.ts";
import { maxPool2d } from "./maxPool2d.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { oneHot } from "./oneHot.ts";
import { pad } from "./pad.ts";
import { permute, transpose } from "./permute.ts";
import { pow } from "./pow.ts";
import { flatten, reshape, squeeze, unsqueeze } from "./reshape.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { variance } from "./variance.ts";
import { where } from "./where.ts";

type ErrorClass = new (...args: never[]) => GraftError;
type Row = readonly [what: string, call: () => unknown, error: ErrorClass, message: RegExp];

const image = zeros([1, 3, 5, 5]);
const int = (...values: number[]): Tensor => tensor(Int32Array.from(values));
const bool = tensor([1, 0], [2], { dtype: "bool" });
const matrix = zeros([2, 3]);

const rows: Row[] = [
  [
    "adaptiveAvgPool2d of a matrix",
    () => adaptiveAvgPool2d(matrix, 1),
    ShapeError,
    /adaptiveAvgPool2d: expected \[N, C, H, W\]/,
  ],
  ["adaptiveAvgPool2d to nothing", () => adaptiveAvgPool2d(image, 0), ShapeError, /an output size >= 1/],
  ["adaptiveAvgPool2d to a fraction", () => adaptiveAvgPool2d(image, 1.5), ShapeError, /an output size >= 1/],
  [
    "adaptiveAvgPool2d of an empty plane",
    () => adaptiveAvgPool2d(zeros([1, 1, 0, 2]), 1),
    ShapeError,
    /adaptiveAvgPool2d/,
  ],
  [
    "adaptiveAvgPool2d of int32",
    () => adaptiveAvgPool2d(zeros([1, 1, 2, 2], { dtype: "int32" }), 1),
    DTypeError,
    /adaptiveAvgPool2d/,
  ],
  ["argmax over an empty axis", () => argmax(zeros([2, 0])), ShapeError, /argmax: expected no empty axis/],
  [
    "argmax over an axis that is not there",
    () => argmax(matrix, 2),
    ShapeError,
    /argmax: expected an axis in \[-2, 2\), got 2/,
  ],
  ["avgPool2d of a matrix", () => avgPool2d(matrix, 2), ShapeError, /avgPool2d: expected \[N, C, H, W\], got \[2, 3\]/],
  ["avgPool2d of int32", () => avgPool2d(zeros([1, 1, 2, 2], { dtype: "int32" }), 1), DTypeError, /avgPool2d/],
  ["avgPool2d with a window of 0", () => avgPool2d(image, 0), ArgumentError, /kernel size, stride and dilation >= 1/],
  [
    "avgPool2d with more padding than window",
    () => avgPool2d(image, 2, { padding: 2 }),
    ArgumentError,
    /padding >= 0 and smaller than the window/,
  ],
  ["maxPool2d with negative padding", () => maxPool2d(image, 2, { padding: -1 }), ArgumentError, /padding >= 0/],
  ["maxPool2d with a stride of 0", () => maxPool2d(image, 2, { stride: 0 }), ArgumentError, /maxPool2d/],
  ["maxPool2d with a dilation of 0.5", () => maxPool2d(image, 2, { dilation: 0.5 }), ArgumentError, /maxPool2d/],
  [
    "maxPool2d with a window larger than the image",
    () => maxPool2d(image, 6),
    ShapeError,
    /at least as large as the window/,
  ],
  ["maxPool2d of bool", () => maxPool2d(zeros([1, 1, 2, 2], { dtype: "bool" }), 1), DTypeError, /maxPool2d/],
  [
    "batchNorm with a weight of another size",
    () => batchNorm(zeros([2, 3]), zeros([2]), zeros([3])),
    ShapeError,
    /weight \[C\] and bias \[C\]/,
  ],
  [
    "layerNorm with a weight of another shape",
    () => layerNorm(zeros([2, 3]), zeros([2]), zeros([2])),
    ShapeError,
    /layerNorm.*x \[\.\.\., \*shape\], weight and bias of that shape/,
  ],
  [
    "layerNorm with a bias of another shape",
    () => layerNorm(zeros([2, 3]), zeros([3]), zeros([1])),
    ShapeError,
    /layerNorm/,
  ],
  ["batchNorm of a vector", () => batchNorm(zeros([3]), zeros([3]), zeros([3])), ShapeError, /batchNorm/],
  [
    "batchNorm of one value a channel",
    () => batchNorm(zeros([1, 3]), zeros([3]), zeros([3])),
    ShapeError,
    /more than one value a channel in training mode.*Use a larger batch, or evaluation mode/,
  ],
  [
    "batchNorm of int32",
    () => batchNorm(zeros([2, 3], { dtype: "int32" }), zeros([3]), zeros([3])),
    DTypeError,
    /batchNorm/,
  ],
  [
    "concat of different rows",
    () => concat([zeros([2, 3]), zeros([2, 4])], 0),
    ShapeError,
    /concat: expected shapes equal but for axis 0, got \[2, 3\] and \[2, 4\]/,
  ],
  ["concat of different ranks", () => concat([zeros([2]), zeros([2, 1])], 0), ShapeError, /concat/],
  [
    "concat of one along an axis that is not there",
    () => concat([zeros([2])], 1),
    ShapeError,
    /concat: expected an axis/,
  ],
  [
    "flatten from behind",
    () => flatten(zeros([2, 3]), 1, 0),
    ShapeError,
    /flatten: expected start before end, got 1 and 0/,
  ],
  ["cdist of a negative norm", () => cdist(zeros([1, 2]), zeros([1, 2]), -1), ArgumentError, /cdist: expected p >= 0/],
  [
    "concat along an axis that is not there",
    () => concat([zeros([2]), zeros([2])], 1),
    ShapeError,
    /concat: expected an axis/,
  ],
  [
    "conv2d of a matrix",
    () => conv2d(matrix, zeros([1, 3, 1, 1])),
    ShapeError,
    /conv2d: expected input \[N, C, H, W\]/,
  ],
  [
    "conv2d with other channels",
    () => conv2d(image, zeros([4, 2, 3, 3])),
    ShapeError,
    /got input \[1, 3, 5, 5\] and weight \[4, 2, 3, 3\]/,
  ],
  [
    "conv2d with groups that do not divide",
    () => conv2d(zeros([1, 4, 5, 5]), zeros([3, 2, 1, 1]), null, { groups: 2 }),
    ShapeError,
    /O divisible by 2 groups/,
  ],
  [
    "conv2d with a kernel larger than the image",
    () => conv2d(image, zeros([4, 3, 6, 6])),
    ShapeError,
    /at least as large as the dilated kernel/,
  ],
  [
    "conv2d with a bias of another size",
    () => conv2d(image, zeros([4, 3, 3, 3]), zeros([3])),
    ShapeError,
    /a bias \[4\], got \[3\]/,
  ],
  [
    "conv2d with a stride of 0",
    () => conv2d(image, zeros([4, 3, 3, 3]), null, { stride: 0 }),
    ArgumentError,
    /stride, dilation and groups that are integers >= 1/,
  ],
  [
    "conv2d with half a padding",
    () => conv2d(image, zeros([4, 3, 3, 3]), null, { padding: 0.5 }),
    ArgumentError,
    /integer padding/,
  ],
  ["conv2d with an int32 weight", () => conv2d(image, zeros([4, 3, 3, 3], { dtype: "int32" })), DTypeError, /conv2d/],
  ["expand to what it does not broadcast to", () => expand(matrix, [2, 4]), ShapeError, /expand/],
  [
    "expand to less",
    () => expand(matrix, [1, 3]),
    ShapeError,
    /expand: expected a shape that \[2, 3\] broadcasts to, got \[1, 3\]/,
  ],
  ["expand to a negative size", () => expand(zeros([1]), [-1, 1]), ShapeError, /expand: expected sizes/],
  ["full of a negative size", () => full([-1], 0), ShapeError, /full: expected sizes/],
  [
    "indexAdd with float indices",
    () => indexAdd(matrix, zeros([2]), 0, 3),
    DTypeError,
    /indexAdd: expected int32 indices, got float32/,
  ],
  [
    "indexAdd with too few indices",
    () => indexAdd(matrix, int(0), 0, 3),
    ShapeError,
    /one index for each of the 2 slices/,
  ],
  [
    "indexAdd along an axis that is not there",
    () => indexAdd(matrix, int(0, 1), 2, 3),
    ShapeError,
    /indexAdd: expected an axis/,
  ],
  ["indexAdd to a negative size", () => indexAdd(matrix, int(0, 1), 0, -3), ShapeError, /indexAdd: expected sizes/],
  [
    "indexAdd out of range",
    () => indexAdd(matrix, int(0, 3), 0, 3),
    ArgumentError,
    /indexAdd: expected indices in \[0, 3\), got 3/,
  ],
  [
    "indexSelect with float indices",
    () => indexSelect(matrix, zeros([2])),
    DTypeError,
    /indexSelect: expected int32 indices/,
  ],
  [
    "indexSelect with a matrix of indices",
    () => indexSelect(matrix, zeros([1, 1], { dtype: "int32" })),
    ShapeError,
    /1-d indices/,
  ],
  ["indexSelect out of range", () => indexSelect(matrix, int(-1)), ArgumentError, /indices in \[0, 2\), got -1/],
  [
    "indexSelect along an axis that is not there",
    () => indexSelect(matrix, int(0), -3),
    ShapeError,
    /indexSelect: expected an axis/,
  ],
  ["logSoftmax of int32", () => logSoftmax(int(1, 2)), DTypeError, /logSoftmax/],
  ["logSoftmax along an axis that is not there", () => logSoftmax(matrix, 2), ShapeError, /logSoftmax/],
  [
    "matmul of inner sizes that differ",
    () => matmul(matrix, zeros([2, 3])),
    ShapeError,
    /matmul: expected \[..., m, k\] and \[..., k, n\], got \[2, 3\] and \[2, 3\]/,
  ],
  [
    "matmul of inner sizes that differ once transposed",
    () => matmul(matrix, zeros([3, 2]), { transposeA: true }),
    ShapeError,
    /after transposition, got \[2, 3\]ᵀ and \[3, 2\]/,
  ],
  ["matmul of a vector of another length", () => matmul(matrix, zeros([2])), ShapeError, /matmul/],
  [
    "matmul of stacks that do not broadcast",
    () => matmul(zeros([2, 3, 4]), zeros([3, 4, 5])),
    ShapeError,
    /matmul: expected shapes that broadcast/,
  ],
  [
    "matmul of int32",
    () => matmul(zeros([1, 1], { dtype: "int32" }), zeros([1, 1], { dtype: "int32" })),
    DTypeError,
    /matmul/,
  ],
  ["max over an empty axis", () => max(zeros([0, 2]), { axes: 0 }), ShapeError, /max: expected no empty axis/],
  ["max of bool", () => max(bool), DTypeError, /max/],
  ["max over one axis twice", () => max(matrix, { axes: [0, -2] }), ShapeError, /distinct axes/],
  [
    "mean of int32",
    () => mean(int(1, 2)),
    DTypeError,
    /mean: expected inputs of one dtype out of float32, float64, got int32/,
  ],
  ["variance of int32", () => variance(int(1, 2)), DTypeError, /variance/],
  [
    "3e9 beside int32",
    () => mul(int(1, 2), 3e9),
    DTypeError,
    /a number that int32 can hold, got 3000000000.*cast\(x, "float32"\)/,
  ],
  ["sub of bools", () => sub(bool, bool), DTypeError, /sub: expected inputs of one dtype/],
  ["neg of bools", () => neg(bool), DTypeError, /neg: expected inputs of one dtype/],
  ["a tensor as exponent of integers", () => pow(int(1, 2), int(2)), DTypeError, /pow: expected inputs of one dtype/],
  ["a negative exponent of integers", () => pow(int(1, 2), -1), DTypeError, /pow: expected inputs of one dtype/],
  ["oneHot of -1 classes", () => oneHot(int(0), -1), ShapeError, /oneHot/],
  ["oneHot of floats", () => oneHot(zeros([2]), 3), DTypeError, /oneHot: expected int32 indices, got float32/],
  [
    "pad by less than nothing",
    () =>
      pad(matrix, [
        [0, -1],
        [0, 0],
      ]),
    ShapeError,
    /two integers >= 0 for each of 2 axes/,
  ],
  ["pad of one axis out of two", () => pad(matrix, [[1, 1]]), ShapeError, /pad/],
  ["permute with an axis twice", () => permute(matrix, [0, 0]), ShapeError, /permute: expected each of 2 axes once/],
  ["permute with an axis left out", () => permute(matrix, [0]), ShapeError, /permute/],
  ["permute with an axis that is not there", () => permute(matrix, [0, 2]), ShapeError, /permute: expected an axis/],
  [
    "transpose with an axis that is not there",
    () => transpose(matrix, 0, 2),
    ShapeError,
    /transpose: expected an axis/,
  ],
  [
    "reshape to another number of elements",
    () => reshape(matrix, [4]),
    ShapeError,
    /reshape: expected a shape of 6 elements, as \[2, 3\] has, got \[4\]/,
  ],
  ["reshape with a size that does not divide", () => reshape(matrix, [4, -1]), ShapeError, /reshape/],
  ["reshape with two open sizes", () => reshape(matrix, [-1, -1]), ShapeError, /reshape/],
  ["reshape of nothing with an open size", () => reshape(zeros([0, 2]), [0, -1]), ShapeError, /reshape/],
  [
    "squeeze of an axis of size 2",
    () => squeeze(matrix, 0),
    ShapeError,
    /squeeze: expected size 1 at axis 0, got \[2, 3\]/,
  ],
  ["unsqueeze at a place that is not there", () => unsqueeze(matrix, 4), ShapeError, /unsqueeze: expected an axis/],
  ["flatten of axes that are not there", () => flatten(matrix, 2), ShapeError, /flatten: expected an axis/],
  ["slice along an axis that is not there", () => slice(matrix, 2, 0), ShapeError, /slice: expected an axis/],
  [
    "slice beyond the end, as an op",
    () => apply1(ops.slice, [matrix], { starts: [0, 2], sizes: [2, 2], steps: [1, 1] }),
    ShapeError,
    /slice: expected a range inside of \[2, 3\]/,
  ],
  ["softmax of int32", () => softmax(int(1, 2)), DTypeError, /softmax/],
  ["softmax of a scalar", () => softmax(tensor(1)), ShapeError, /softmax: expected an axis/],
  [
    "sum over an axis that is not there",
    () => sum(matrix, { axes: -3 }),
    ShapeError,
    /sum: expected an axis in \[-2, 2\), got -3/,
  ],
  [
    "where with a float condition",
    () => where(zeros([2]), 1, 2),
    DTypeError,
    /where: expected a bool condition, got float32/,
  ],
  [
    "where of shapes that do not broadcast",
    () => where(bool, zeros([3]), 1),
    ShapeError,
    /where: expected shapes that broadcast/,
  ],
];

describe("bad arguments", () => {
  test.each(rows)("%s", (_, call, error, message) => {
    let thrown: unknown;
    try {
      call();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message).toMatch(message);
    const { op, expected, got } = thrown as GraftError;
    expect([isGraftError(thrown), typeof op, typeof expected, typeof got]).toEqual([
      true,
      "string",
      "string",
      "string",
    ]);
  });
});
