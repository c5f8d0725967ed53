import { at, type Case, constantly, counting, integers, near, row } from "./operatorCase.ts";

// Cases of operators that reduce, index, move and count. For tests alone.

const { exp, log, sqrt } = Math;
const pairs = at([2, 2], 1, -2, 3, 4);
const axes = (...list: number[]): Partial<Case> => ({ attributes: { axes: list } });

const reductions: readonly Case[] = [
  near("ReduceL1", pairs, at([2, 1], 3, 7), axes(1)),
  near("ReduceL2", pairs, at([1, 2], sqrt(10), sqrt(20)), axes(0)),
  near("ReduceLogSum", at([2, 2], 1, 2, 3, 4), at([2, 1], log(3), log(7)), axes(-1)),
  near("ReduceLogSumExp", pairs, at([2, 1], log(exp(1) + exp(-2)), log(exp(3) + exp(4))), axes(1)),
  near("ReduceSumSquare", pairs, at([1, 1], 30)),
  near("ReduceSumSquare", pairs, row(10, 20), { opset: 18, rest: [[0]], attributes: { keepdims: 0 } }),
  // Only what is summed up is left out.
  near("ReduceSumSquare", pairs, at([2, 2], 1, 4, 9, 16), { opset: 18, attributes: { noop_with_empty_axes: 1 } }),
  near("ReduceL2", at([2, 0]), row(0, 0), { attributes: { axes: [1], keepdims: 0 } }),
  near("ReduceMax", at([1, 0]), row(Number.NEGATIVE_INFINITY), { attributes: { axes: [1], keepdims: 0 } }),
  near("ReduceProd", at([1, 0]), row(1), { attributes: { axes: [1], keepdims: 0 } }),
  near("ReduceMax", at([2, 2], 0, 1, 0, 0), row(1, 0), {
    opset: 20,
    bool: true,
    rest: [[1]],
    attributes: { keepdims: 0 },
  }),
  // Of constants, integers are exact beyond int32, and rounded towards zero.
  constantly("ReduceSum", [2 ** 33], { rest: [[2 ** 32, 2 ** 32]] }),
  constantly("ReduceMean", [-3], { rest: [[-3, -4]] }),
  constantly("ReduceProd", [24], { rest: [[2, 3, 4]], attributes: { axes: [0] } }),
];

const indexing: readonly Case[] = [
  near("GatherND", counting(2, 3), at([2], 5, 0), { rest: [integers([2, 2], 1, -1, 0, 0)] }),
  near("GatherND", counting(2, 3), at([1, 3], 3, 4, 5), { rest: [integers([1, 1], -1)] }),
  near("GatherND", counting(2, 2, 2), at([2, 2], 2, 3, 4, 5), {
    rest: [integers([2, 1], 1, 0)],
    attributes: { batch_dims: 1 },
  }),
  near("GatherElements", counting(2, 2), at([2, 1], 1, 2), {
    rest: [integers([2, 1], -1, 0)],
    attributes: { axis: 1 },
  }),
  near("ScatterND", counting(2, 2), at([2, 2], 0, 9, 2, 8), { rest: [integers([2, 2], 0, 1, -1, -1), row(9, 8)] }),
  near("ScatterND", row(1, 2, 3), row(1, 48, 3), {
    rest: [integers([2, 1], 1, 1), row(4, 6)],
    attributes: { reduction: "mul" },
  }),
  near("ScatterND", counting(2, 2), at([2, 2], 0, 1, 2, 7), {
    rest: [integers([2, 1], 1, 1), at([2, 2], 1, 5, 0, 7)],
    attributes: { reduction: "max" },
  }),
  near("ScatterElements", row(1, 2, 3), row(1, -8, 3), {
    rest: [[1, 1], row(-8, 5)],
    attributes: { reduction: "min" },
  }),
  near("ScatterElements", row(1, 2, 3), row(0, 24, 3), {
    rest: [[1, 0, 1], row(3, 0, 4)],
    attributes: { reduction: "mul" },
  }),
  near("Scatter", row(1, 2, 3), row(8, 2, 9), { opset: 10, rest: [[2, 0], row(9, 8)] }),
  near("OneHot", row(1, -1, 7), at([3, 2], 5, 6, 5, 6, 5, 5), { rest: [[2], row(5, 6)] }),
  near("OneHot", row(1, 0), at([2, 2], 5, 6, 6, 5), { rest: [[2], row(5, 6)], attributes: { axis: 0 } }),
  near("Compress", counting(2, 3), at([2, 2], 0, 2, 3, 5), { rest: [[1, 0, 1]], attributes: { axis: 1 } }),
  near("Compress", counting(2, 3), row(1, 4), { rest: [[0, 1, 0, 0, 1]] }),
  near("ReverseSequence", counting(3, 2), at([3, 2], 2, 1, 0, 3, 4, 5), { rest: [[2, 1]] }),
  near("TopK", at([2, 2], 1, 2, 4, 3), at([1, 2], 4, 3), { rest: [[1]], outputs: 2, attributes: { axis: 0 } }),
  near("NonZero", row(0, 0), at([1, 2], 0, 2), { detached: true, rest: [[7, 0, -1]] }),
  constantly("Unique", [1, 2, 3], { rest: [[3, 1, 3, 2]] }),
  constantly("Unique", [3, 1, 2], { rest: [[3, 1, 3, 2]], attributes: { sorted: 0 } }),
  constantly("GatherElements", [6, 4], {
    rest: [
      [4, 5, 6],
      [-1, 0],
    ],
  }),
];

const making: readonly Case[] = [
  near("CumProd", row(1, 2, 3), row(1, 2, 6), { opset: 26, rest: [[0]] }),
  near("CumProd", row(1, 2, 3), row(6, 3, 1), { opset: 26, rest: [[0]], attributes: { exclusive: 1, reverse: 1 } }),
  constantly("CumSum", [1, 3], { rest: [[1, 2], [0]] }),
  near("Det", at([2, 2], 1, 2, 3, 4), at([], -2)),
  near("Det", at([1, 3, 3], 0, 2, 0, 3, 0, 0, 0, 0, 4), row(-24)),
  near("Det", at([2, 2], 1, 2, 2, 4), at([], 0)),
  near("Einsum", counting(1, 2), at([1, 1], 3), {
    rest: [at([2, 1], 2, 3)],
    attributes: { equation: "I J , J K -> I K" },
  }),
  near("Einsum", counting(2, 2), at([], 3), { attributes: { equation: "ii->" } }),
  near("EyeLike", counting(2, 3), at([2, 3], 0, 1, 0, 0, 0, 1), { attributes: { k: 1 } }),
  near("Mean", row(1, 2), row(4, 5), { rest: [row(3, 3), row(8, 10)] }),
  constantly("Mean", [2], { rest: [[1], [3]] }),
  near("Size", counting(2, 3), at([], 6)),
  near("Tile", counting(1, 2), at([2, 4], 0, 1, 0, 1, 0, 1, 0, 1), { rest: [[2, 2]] }),
  constantly("Tile", [1, 2, 1, 2], { rest: [[1, 2], [2]] }),
  near("Trilu", counting(2, 2), at([2, 2], 0, 1, 0, 3)),
  near("Trilu", counting(2, 2), at([2, 2], 0, 0, 2, 0), { rest: [[-1]], attributes: { upper: 0 } }),
  near("Trilu", counting(2, 2), at([2, 2], 0, 0, 0, 0), { rest: [[99]] }),
];

const elementwise: readonly Case[] = [
  constantly("BitShift", [4, 12], {
    rest: [
      [1, 3],
      [2, 2],
    ],
    attributes: { direction: "LEFT" },
  }),
  constantly("BitShift", [4, 0], {
    rest: [
      [17, 3],
      [2, 2],
    ],
    attributes: { direction: "RIGHT" },
  }),
  constantly("BitwiseAnd", [8, 10], {
    opset: 18,
    rest: [
      [12, -1],
      [10, 10],
    ],
  }),
  constantly("BitwiseNot", [-1, 4], { opset: 18, rest: [[0, -5]] }),
  constantly("BitwiseOr", [14, -1], {
    opset: 18,
    rest: [
      [12, -1],
      [10, 10],
    ],
  }),
  constantly("BitwiseXor", [6, -11], {
    opset: 18,
    rest: [
      [12, -1],
      [10, 10],
    ],
  }),
  near("ThresholdedRelu", row(2, 1, Number.NaN), row(2, 0, 0)),
  near("Clip", row(1, 2, 3), row(2, 2, 2), { rest: [at([], 5), at([], 2)] }),
  near("Pow", row(2, 3), row(8, 9), { rest: [[3, 2]] }),
  constantly("Pow", [8, 9], {
    rest: [
      [2, 3],
      [3, 2],
    ],
  }),
  constantly("Mod", [2, 1, -1], {
    rest: [
      [5, -5, 5],
      [3, 3, -3],
    ],
  }),
  near("Mod", row(5, -5), row(5, Number.POSITIVE_INFINITY), {
    rest: [row(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)],
  }),
  near("Cast", row(300, -1), row(44, 255), { attributes: { to: 2 } }),
  near("Cast", row(300, -129), row(44, 127), { attributes: { to: 3 } }),
  constantly("Cast", [44, 255], { rest: [[300, -1]], attributes: { to: 2 } }),
  constantly("Cast", [2048, 65504], { rest: [[2049, 65505]], attributes: { to: 10 } }),
  constantly("Cast", [256], { rest: [[257]], attributes: { to: 16 } }),
  constantly("Max", [3, 4], {
    rest: [
      [1, 4],
      [3, 2],
    ],
  }),
];

export const arrayCases: readonly Case[] = [...reductions, ...indexing, ...making, ...elementwise];
