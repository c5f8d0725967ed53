import { describe, expect, it } from "vitest";
import { arrayCases } from "../../test/arrayCases.ts";
import { networkCases } from "../../test/networkCases.ts";
import { type Array2, at, type Case, counting, integers, near, row, run } from "../../test/operatorCase.ts";
import { spatialCases } from "../../test/spatialCases.ts";
import { drawingOperators } from "./draws.ts";
import { operators } from "./index.ts";

const zero = row(0, 0, 0);
const square = { kernel_shape: [2, 2], strides: [1, 1] };
const e = Math.exp;

const cases: readonly Case[] = [
  near("Abs", row(-2, 3), row(2, 3)),
  near("Add", row(1, 2), row(11, 22), { rest: [row(10, 20)] }),
  near("AveragePool", counting(1, 1, 2, 2), at([1, 1, 3, 3], 0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3), {
    attributes: { kernel_shape: [2, 2], pads: [1, 1, 1, 1] },
  }),
  near("AveragePool", counting(1, 1, 2, 2), at([1, 1, 1, 1], 1.5), { attributes: { ...square } }),
  near("AveragePool", counting(1, 1, 1, 3), at([1, 1, 1, 2], 0.5, 2), {
    attributes: { kernel_shape: [1, 2], strides: [1, 2], ceil_mode: 1 },
  }),
  near("BatchNormalization", at([1, 2, 1, 2], 1, 2, 3, 4), at([1, 2, 1, 2], 10, 11, 24, 26), {
    rest: [row(1, 2), row(10, 20), row(1, 1), row(1, 1)],
    attributes: { epsilon: { float: 0 } },
  }),
  near("Cast", row(1.5, -1.5), row(1, 0), { attributes: { to: 9 }, y: row(1, 1) }),
  near("CastLike", row(1.7, -1.7), row(1, -1), { rest: [[5]] }),
  near("Ceil", row(1.2, -1.2), row(2, -1)),
  near("Clip", row(-9, 3, 9), row(0, 3, 6), { opset: 10, attributes: { min: { float: 0 }, max: { float: 6 } } }),
  near("Clip", row(-9, 3, 9), row(-9, 3, 6), { rest: [null, at([], 6)] }),
  near("Clip", row(-9, 3, 9), row(2, 3, 9), { rest: [at([], 2)] }),
  near("Concat", at([1, 2], 1, 2), at([1, 4], 1, 2, 3, 4), { rest: [at([1, 2], 3, 4)], attributes: { axis: -1 } }),
  near("Constant", row(1, 1), row(3, 4), { detached: true, attributes: { value: { floats: [2, 3] } } }),
  near("Constant", row(1, 1), row(3, 3), { detached: true, attributes: { value_int: 2 } }),
  near("ConstantOfShape", at([2, 1], 1, 2), at([2, 3], 8, 8, 8, 9, 9, 9), {
    detached: true,
    rest: [[2, 3]],
    attributes: { value: { ints64: [7] } },
  }),
  near("Conv", counting(1, 1, 3, 3), at([1, 1, 2, 2], 9, 13, 21, 25), {
    rest: [at([1, 1, 2, 2], 1, 1, 1, 1), row(1)],
    attributes: { kernel_shape: [2, 2] },
  }),
  near("Conv", counting(1, 1, 3, 3), at([1, 1, 2, 2], 8, 7, 13, 8), {
    rest: [at([1, 1, 2, 2], 1, 1, 1, 1)],
    attributes: { auto_pad: "SAME_UPPER", strides: [2, 2] },
  }),
  near("Conv", counting(1, 1, 3, 3), at([1, 1, 2, 2], 0, 3, 9, 24), {
    rest: [at([1, 1, 2, 2], 1, 1, 1, 1)],
    attributes: { auto_pad: "SAME_LOWER", strides: [2, 2] },
  }),
  near("Conv", counting(1, 2, 4), at([1, 2, 3], 1, 3, 5, -1, -1, -1), {
    rest: [at([2, 1, 2], 1, 1, 1, -1)],
    attributes: { group: 2, kernel_shape: [2] },
  }),
  near("Div", row(9, 8), row(3, 2), { rest: [row(3, 4)] }),
  near("Dropout", row(1, 2), row(1, 2)),
  near("Elu", row(-1, 2), row(2 * (e(-1) - 1), 2), { attributes: { alpha: { float: 2 } } }),
  near("Equal", row(1, 2, 3), row(0, 1, 0), { rest: [row(2, 2, 2)] }),
  near("Erf", row(0, 0.5), row(0, 0.5204999)),
  near("Exp", row(0, 1), row(1, Math.E)),
  near("Expand", at([2, 1], 1, 2), at([2, 3], 1, 1, 1, 2, 2, 2), { rest: [[1, 3]] }),
  near("Flatten", counting(2, 1, 2), at([2, 2], 0, 1, 2, 3)),
  near("Flatten", counting(2, 1, 2), at([1, 4], 0, 1, 2, 3), { attributes: { axis: 0 } }),
  near("Floor", row(1.2, -1.2), row(1, -2)),
  near("Gather", counting(3, 2), at([2, 2], 4, 5, 0, 1), { rest: [[-1, 0]] }),
  near("Gather", counting(2, 3), at([2, 1], 1, 4), { rest: [[1]], attributes: { axis: 1 } }),
  near("Gelu", row(-1, 2), row(-0.15865526, 1.9544997), { opset: 20 }),
  near("Gelu", row(-1, 2), row(-0.158808, 1.9545977), { opset: 20, attributes: { approximate: "tanh" } }),
  near("Gemm", at([1, 2], 1, 2), at([1, 2], 13, 27), {
    rest: [at([2, 2], 1, 2, 3, 4), row(3, 5)],
    attributes: { transB: 1, alpha: { float: 2 } },
  }),
  near("Gemm", at([2, 1], 1, 2), at([1, 2], 7, 10), { rest: [at([2, 2], 1, 2, 3, 4)], attributes: { transA: 1 } }),
  near("GlobalAveragePool", counting(1, 2, 2, 2), at([1, 2, 1, 1], 1.5, 5.5)),
  near("GlobalMaxPool", counting(1, 2, 2, 2), at([1, 2, 1, 1], 3, 7)),
  near("Greater", row(1, 2, 3), row(0, 0, 1), { rest: [row(2, 2, 2)] }),
  near("GreaterOrEqual", row(1, 2, 3), row(0, 1, 1), { rest: [row(2, 2, 2)] }),
  near("HardSigmoid", row(-9, 0, 1), row(0, 0.5, 0.7)),
  near("HardSwish", row(-4, 0, 1, 4), row(0, 0, 2 / 3, 4)),
  near("Identity", row(1, 2), row(1, 2)),
  near("LayerNormalization", at([1, 2], 1, 3), at([1, 2], 9, 22), {
    rest: [row(1, 2), row(10, 20)],
    attributes: { epsilon: { float: 0 } },
  }),
  near("LeakyRelu", row(-10, 10), row(-1, 10), { attributes: { alpha: { float: 0.1 } } }),
  near("Less", row(1, 2, 3), row(1, 0, 0), { rest: [row(2, 2, 2)] }),
  near("LessOrEqual", row(1, 2, 3), row(1, 1, 0), { rest: [row(2, 2, 2)] }),
  near("Log", row(1, Math.E), row(0, 1)),
  near("LogSoftmax", at([1, 2], 0, 0), at([1, 2], -Math.LN2, -Math.LN2)),
  near("MatMul", at([2, 2], 1, 2, 3, 4), at([2], 5, 11), { rest: [row(1, 2)] }),
  near("MaxPool", counting(1, 1, 3, 3), at([1, 1, 2, 2], 0, 2, 6, 8), {
    attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0] },
  }),
  near("MaxPool", counting(1, 1, 3), at([1, 1, 2], 1, 2), { attributes: { kernel_shape: [2] } }),
  near("Mod", row(5, -5), row(2, 1), { rest: [row(3, 3)] }),
  near("Mod", row(5, -5), row(2, -2), { rest: [row(3, 3)], attributes: { fmod: 1 } }),
  near("Mul", row(1, 2), row(10, 20), { rest: [row(10, 10)] }),
  near("Neg", row(1, -2), row(-1, 2)),
  near("Not", row(1, 0), row(0, 1), { bool: true }),
  near("PRelu", row(-2, 2), row(-0.5, 2), { rest: [row(0.25)] }),
  near("Pad", at([1, 2], 1, 2), at([2, 3], 9, 1, 2, 9, 9, 9), { rest: [[0, 1, 1, 0], at([], 9)] }),
  near("Pad", at([1, 3], 1, 2, 3), at([1, 2], 2, 3), { opset: 10, attributes: { pads: [0, -1, 0, 0] } }),
  near("Pad", row(1, 2, 3), row(9, 9), { rest: [[-4, 3], at([], 9)] }),
  near("Pad", at([1, 2], 1, 2), at([1, 3], 1, 2, 0), { opset: 18, rest: [[0, 1], null, [-1]] }),
  near("Pow", row(2, 3), row(8, 9), { rest: [row(3, 2)] }),
  near("Range", row(1, 1, 1), row(3, 6, 9), { detached: true, rest: [[2], [10], [3]] }),
  near("Reciprocal", row(2, 4), row(0.5, 0.25)),
  near("ReduceMean", counting(2, 2), at([2, 1], 0.5, 2.5), { attributes: { axes: [1] } }),
  near("ReduceMean", counting(2, 2), at([2], 1, 2), { opset: 18, rest: [[0]], attributes: { keepdims: 0 } }),
  near("ReduceMean", counting(2, 2), counting(2, 2), { opset: 18, attributes: { noop_with_empty_axes: 1 } }),
  near("ReduceSum", counting(2, 2), at([2, 1], 1, 5), { rest: [[-1]] }),
  near("Relu", row(-1, 2), row(0, 2)),
  near("Reshape", counting(2, 1, 2), counting(2, 2), { rest: [[0, -1]] }),
  near("Selu", row(-1, 1), row(1.0507010221 * 1.6732631922 * (e(-1) - 1), 1.0507010221)),
  near("Shape", at([2, 3], 0, 0, 0, 0, 0, 0), row(3), { attributes: { start: 1 } }),
  near("Sigmoid", row(0, 1), row(0.5, 1 / (1 + e(-1)))),
  near("Slice", counting(2, 3), at([2, 1], 1, 4), { rest: [[1], [2], [-1]] }),
  near("Slice", row(1, 2, 3, 4), row(4, 2), { rest: [[-1], [-99], [0], [-2]] }),
  near("Slice", counting(2, 3), at([1, 3], 3, 4, 5), { opset: 9, attributes: { starts: [1], ends: [99] } }),
  near("Softmax", at([1, 2, 2], 0, 0, 0, 0), at([1, 2, 2], 0.5, 0.5, 0.5, 0.5)),
  near("Softmax", at([1, 2, 2], 0, 0, 0, 0), at([1, 2, 2], 0.25, 0.25, 0.25, 0.25), { opset: 12 }),
  near("Softplus", row(0, 100, -100), row(Math.LN2, 100, 0)),
  near("Split", at([1, 5], 1, 2, 3, 4, 5), at([1, 3], 1, 2, 3), {
    opset: 18,
    outputs: 2,
    attributes: { axis: 1, num_outputs: 2 },
  }),
  near("Split", at([1, 5], 1, 2, 3, 4, 5), at([1, 1], 1), { rest: [[1, 4]], outputs: 2, attributes: { axis: 1 } }),
  near("Split", row(1, 2, 3, 4), row(1), { opset: 11, outputs: 2, attributes: { split: [1, 3] } }),
  near("Sqrt", row(4, 9), row(2, 3)),
  near("Squeeze", counting(1, 2, 1), at([1, 2], 0, 1), { rest: [[-1]] }),
  near("Squeeze", counting(1, 2, 1), row(0, 1), { opset: 11 }),
  near("Sub", row(1, 2), row(-9, -18), { rest: [row(10, 20)] }),
  near("Sum", row(1, 2), row(111, 222), { rest: [row(10, 20), row(100, 200)] }),
  near("Tanh", row(0, 1), row(0, Math.tanh(1))),
  near("Transpose", counting(2, 3), at([3, 2], 0, 3, 1, 4, 2, 5)),
  near("Transpose", counting(1, 2, 3), at([2, 1, 3], 0, 1, 2, 3, 4, 5), { attributes: { perm: [1, 0, 2] } }),
  near("Unsqueeze", row(1, 2), at([1, 2, 1], 1, 2), { rest: [[0, -1]] }),
  near("Unsqueeze", row(1, 2), at([2, 1], 1, 2), { opset: 12, attributes: { axes: [1] } }),
  near("Where", row(1, 0, 1), row(1, 20, 3), { bool: true, rest: [row(1, 2, 3), row(10, 20, 30)] }),
  near("Acos", row(0.5), row(Math.acos(0.5))),
  near("Acosh", row(1.5), row(Math.acosh(1.5))),
  near("Asin", row(0.5), row(Math.asin(0.5))),
  near("Asinh", row(0.5), row(Math.asinh(0.5))),
  near("Atan", row(0.5), row(Math.atan(0.5))),
  near("Atanh", row(0.5), row(Math.atanh(0.5))),
  near("Cos", row(1), row(Math.cos(1))),
  near("Cosh", row(1), row(Math.cosh(1))),
  near("Sin", row(1), row(Math.sin(1))),
  near("Sinh", row(1), row(Math.sinh(1))),
  near("Tan", row(1), row(Math.tan(1))),
  near("Sign", row(-3), row(Math.sign(-3))),
  near("And", row(1, 0, 1), row(1, 0, 0), { bool: true, rest: [row(1, 1, 0)] }),
  near("Or", row(1, 0, 0), row(1, 1, 0), { bool: true, rest: [row(1, 1, 0)] }),
  near("Xor", row(1, 0, 1), row(0, 1, 1), { bool: true, rest: [row(1, 1, 0)] }),
  near("ArgMax", at([2, 3], 1, 5, 2, 7, 7, 0), at([2, 1], 1, 0), { attributes: { axis: 1 } }),
  near("ArgMax", at([2, 3], 1, 5, 2, 7, 7, 0), row(1, 1), {
    attributes: { axis: 1, keepdims: 0, select_last_index: 1 },
  }),
  near("ArgMin", at([2, 3], 1, 5, 2, 7, 7, 0), at([1, 3], 0, 0, 1)),
  near("ConvTranspose", counting(1, 1, 2, 2), at([1, 1, 3, 3], 0, 1, 1, 2, 6, 4, 2, 5, 3), {
    rest: [at([1, 1, 2, 2], 1, 1, 1, 1)],
  }),
  near("ConvTranspose", at([1, 1, 2], 1, 2), at([1, 1, 5], 2, 11, 3, 21, 1), {
    rest: [at([1, 1, 2], 1, 10), row(1)],
    attributes: { strides: [2], output_padding: [1], kernel_shape: [2] },
  }),
  near("CumSum", row(1, 2, 3), row(1, 3, 6), { rest: [[0]] }),
  near("CumSum", row(1, 2, 3), row(0, 1, 3), { rest: [[0]], attributes: { exclusive: 1 } }),
  near("CumSum", row(1, 2, 3), row(5, 3, 0), { rest: [[-1]], attributes: { exclusive: 1, reverse: 1 } }),
  near("GatherElements", row(10, 20, 30), row(30, 10), { rest: [[-1, 0]] }),
  near("IsInf", row(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1), row(1, 1, 0)),
  near("IsInf", row(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1), row(1, 0, 0), {
    attributes: { detect_negative: 0 },
  }),
  near("IsNaN", row(1, Number.NaN), row(0, 1)),
  near("Max", row(1, 5), row(3, 9), { rest: [row(3, 3), row(2, 9)] }),
  near("Min", row(1, 5), row(1, 3), { rest: [row(3, 3), row(2, 9)] }),
  near("Pad", row(1, 2, 3), row(3, 2, 1, 2, 3), { rest: [[2, 0]], attributes: { mode: "reflect" } }),
  near("Pad", row(1, 2), row(1, 1, 2, 2, 2), { rest: [[1, 2]], attributes: { mode: "edge" } }),
  near("Pad", row(1, 2, 3), row(3, 1, 2, 3, 1), { opset: 19, rest: [[1, 1]], attributes: { mode: "wrap" } }),
  near("ReduceMax", counting(2, 2), at([2, 1], 1, 3), { attributes: { axes: [1] } }),
  near("ReduceMin", counting(2, 2), row(0, 1), { opset: 18, rest: [[0]], attributes: { keepdims: 0 } }),
  near("ReduceProd", counting(2, 2), at([2, 1], 0, 6), { attributes: { axes: [1] } }),
  near("Round", row(0.5, 1.5, -2.5), row(0, 2, -2)),
  near("ScatterElements", row(1, 2, 3), row(8, 2, 9), { rest: [[2, -3], row(9, 8)] }),
  near("ScatterElements", row(1, 2, 3), row(1, 2, 20), { rest: [[2, 2], row(9, 8)], attributes: { reduction: "add" } }),
  near("TopK", row(3, 1, 2), row(3, 2), { rest: [[2]], outputs: 2 }),
  near("TopK", row(3, 1, 2), row(1, 2), { rest: [[2]], outputs: 2, attributes: { largest: 0 } }),
  near("TopK", row(3, 1, 2), row(3), { opset: 9, outputs: 2, attributes: { k: 1 } }),
  ...arrayCases,
  ...networkCases,
  ...spatialCases,
];

/** Operators that have tests of their own: those that draw, and those of graphs and sequences. */
const elsewhere = [
  ...drawingOperators,
  "ConcatFromSequence",
  "If",
  "Loop",
  "Optional",
  "OptionalGetElement",
  "OptionalHasElement",
  "Scan",
  "SequenceAt",
  "SequenceConstruct",
  "SequenceEmpty",
  "SequenceErase",
  "SequenceInsert",
  "SequenceLength",
  "SequenceMap",
  "SplitToSequence",
];

describe("operators", () => {
  it("are all tried", () => {
    const tried = new Set([...cases.map(({ opType }) => opType), ...elsewhere]);
    expect(operators.map(({ opType }) => opType).filter((opType) => !tried.has(opType))).toEqual([]);
  });

  it("are listed once", () => {
    expect(new Set(operators.map(({ opType }) => opType)).size).toBe(operators.length);
  });

  it.each(cases.map((c, i) => [`${c.opType} (${i})`, c] as const))("%s", (_, c) => {
    const result = run(c);
    expect(result.shape).toEqual(c.y.shape);
    for (const [i, value] of result.toArray().entries())
      expect(value, `element ${i}`).toBeCloseTo(c.y.data[i] as number, 5);
  });

  it.each<[string, Partial<Case> & { x: Array2 }, RegExp]>([
    ["MaxPool", { x: counting(1, 1, 1, 1, 2, 2), attributes: { kernel_shape: [1, 1, 2, 2] } }, /window over 4 axes/],
    [
      "Conv",
      { x: counting(1, 1, 2, 2), rest: [at([1, 1, 1, 1], 1)], attributes: { auto_pad: "SOME" } },
      /auto_pad "SOME"/,
    ],
    ["Pad", { x: row(1, 2), rest: [[1, 1]], attributes: { mode: "mirror" } }, /mode "mirror"/],
    ["Conv", { x: counting(1, 1, 2), rest: [at([1, 1, 1], 1)], attributes: { pads: [1e9, 0] } }, /at most 67108864/],
    ["Conv", { x: counting(1, 1, 2), rest: [at([1, 1, 1], 1)], attributes: { kernel_shape: [2] } }, /a window \[2\]/],
    [
      "Conv",
      { x: counting(1, 1, 2), rest: [at([1, 1, 1], 1)], attributes: { strides: [1, 1] } },
      /strides of 1 numbers/,
    ],
    [
      "ConvTranspose",
      { x: counting(1, 1, 2), rest: [at([1, 1, 1], 1)], attributes: { strides: [1e9] } },
      /at most 67108864/,
    ],
    ["HannWindow", { x: zero, detached: true, rest: [integers([], 1e9)] }, /a window of 1000000000 elements/],
    ["DFT", { x: counting(1, 2, 1), rest: [integers([], 1e9)] }, /a matrix of at most 67108864 elements/],
    ["Pad", { x: row(1, 2), rest: [[1, 1]], attributes: { mode: "constructor" } }, /mode "constructor"/],
    [
      "MaxPool",
      { x: counting(1, 1, 2, 2), attributes: { kernel_shape: [999, 999], pads: [998, 998, 998, 998] } },
      /at most at 1073741824 elements .* got \[999, 999\] at \[1000, 1000\] places/,
    ],
    ["LpPool", { x: counting(1, 1, 2), attributes: { kernel_shape: [2], p: 0 } }, /a norm of order 0/],
    ["Resize", { x: zero, rest: [null, row(2)], attributes: { mode: "area" } }, /mode "area"/],
    ["Resize", { x: zero, rest: [null, row(1e9)] }, /at most 67108864 elements/],
    ["Resize", { x: zero, rest: [null, row(2), [2]] }, /either scales or sizes.* both/],
    ["GridSample", { x: zero, rest: [zero], attributes: { padding_mode: "wrap" } }, /padding of mode "wrap"/],
    ["GridSample", { x: counting(1, 1, 2), opset: 20, rest: [at([1, 1, 2], 0, 0)] }, /a grid \[1, ..., 1\]/],
    [
      "RoiAlign",
      { x: zero, rest: [at([1, 4], 0, 0, 1, 1), [0]], attributes: { mode: "max" } },
      /give a sampling_ratio/,
    ],
    ["DFT", { x: counting(2, 3) }, /a signal \[..., 1\] or \[..., 2\]/],
    ["Cast", { x: zero, attributes: { to: 8 } }, /elements of type string/],
    ["MaxRoiPool", { x: zero, rest: [zero], attributes: { pooled_shape: [2] } }, /a pooled_shape \[2\]/],
    ["MaxRoiPool", { x: zero, rest: [zero], attributes: { pooled_shape: [2, 2] } }, /boxes \[R, 5\]/],
  ])("%s refuses what it does not do", (opType, spec, message) => {
    expect(() => run({ opType, y: zero, ...spec })).toThrow(message);
  });
});
