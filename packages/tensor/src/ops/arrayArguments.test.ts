import { describe, expect, test } from "vitest";
import { ArgumentError, DTypeError, type GraftError, isGraftError, ShapeError, TraceError } from "../errors.ts";
import { compile } from "../graph/compile.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { argmin } from "./argmin.ts";
import { cumprod } from "./cumprod.ts";
import { cumsum } from "./cumsum.ts";
import { diag, diagEmbed, diagonal } from "./diagonal.ts";
import { dot, outer, tensordot } from "./dot.ts";
import { einsum } from "./einsum.ts";
import { expand } from "./expand.ts";
import { eye } from "./eye.ts";
import { flip } from "./flip.ts";
import { gather, takeAlongAxis } from "./gather.ts";
import { indexSelect } from "./indexSelect.ts";
import { maskedFill } from "./maskedFill.ts";
import { matmul } from "./matmul.ts";
import { meshgrid } from "./meshgrid.ts";
import { min } from "./min.ts";
import { narrow, select } from "./narrow.ts";
import { maskedSelect, nonzero } from "./nonzero.ts";
import { norm } from "./norm.ts";
import { pad } from "./pad.ts";
import { movedim } from "./permute.ts";
import { prod } from "./prod.ts";
import { median, quantile } from "./quantile.ts";
import { roll } from "./roll.ts";
import { scatter } from "./scatter.ts";
import { scatterAdd } from "./scatterAdd.ts";
import { scatterReduce } from "./scatterReduce.ts";
import { slice } from "./slice.ts";
import { sort } from "./sort.ts";
import { chunk, split, unbind } from "./split.ts";
import { stack } from "./stack.ts";
import { repeatInterleave, tile } from "./tile.ts";
import { topK } from "./topK.ts";
import { tril } from "./tril.ts";
import { unflatten } from "./unflatten.ts";

type ErrorClass = new (...args: never[]) => GraftError;
type Row = readonly [what: string, call: () => unknown, error: ErrorClass, message: RegExp];

const matrix = zeros([2, 3]);
const empty = zeros([2, 0]);
const vector = zeros([3]);
const scalar = tensor(1);
const bool = tensor([1, 0], [2], { dtype: "bool" });
const int = (shape: number[], ...values: number[]): Tensor => tensor(Int32Array.from(values), shape);
const ones = (n: number): [number, number][] => [
  [0, 0],
  [n, n],
];

const rows: Row[] = [
  ["argmin over an empty axis", () => argmin(empty, 1), ShapeError, /argmin: expected no empty axis/],
  ["argmin of nothing", () => argmin(empty), ShapeError, /argmin: expected no empty axis/],
  ["argmin of bool", () => argmin(bool), DTypeError, /argmin/],
  ["min over an empty axis", () => min(empty), ShapeError, /min: expected no empty axis/],
  ["min of bool", () => min(bool), DTypeError, /min/],
  ["cumsum along an axis that is not there", () => cumsum(matrix, 2), ShapeError, /cumsum: expected an axis/],
  ["cumprod of a scalar", () => cumprod(scalar, 0), ShapeError, /cumprod: expected an axis/],
  ["prod over an axis that is not there", () => prod(matrix, { axes: 2 }), ShapeError, /prod: expected an axis/],
  ["norm of int32", () => norm(int([2], 1, 2)), DTypeError, /norm/],
  ["the maximum norm of nothing", () => norm(empty, Infinity), ShapeError, /norm: expected no empty axis for p = Inf/],
  ["a negative norm of nothing", () => norm(empty, -1), ShapeError, /norm: expected no empty axis for p = -1/],
  [
    "quantile outside of 0 to 1",
    () => quantile(matrix, 1.5),
    ArgumentError,
    /quantile: expected q in \[0, 1\], got 1.5/,
  ],
  ["quantile of nothing", () => quantile(empty, 0.5, { axis: 1 }), ShapeError, /quantile: expected no empty axis/],
  ["median of nothing", () => median(empty), ShapeError, /median: expected no empty axis/],
  ["median of int32", () => median(int([2], 1, 2)), DTypeError, /median/],
  ["sort of bool", () => sort(bool), DTypeError, /sort/],
  ["sort of a scalar", () => sort(scalar), ShapeError, /sort: expected an axis/],
  ["topK of more than there are", () => topK(matrix, 4), ArgumentError, /topK: expected an integer in \[0, 3\], got 4/],
  ["topK of half an element", () => topK(matrix, 0.5), ArgumentError, /topK/],
  ["dot of matrices", () => dot(matrix, matrix), ShapeError, /dot: expected two vectors of one length/],
  ["dot of two lengths", () => dot(vector, zeros([2])), ShapeError, /dot.*\[3\] and \[2\]/],
  ["outer of a matrix", () => outer(matrix, vector), ShapeError, /outer: expected two vectors/],
  ["tensordot of sizes that differ", () => tensordot(matrix, matrix, 1), ShapeError, /tensordot: expected equal sizes/],
  ["tensordot over more axes than there are", () => tensordot(matrix, vector, 2), ShapeError, /tensordot/],
  ["matmul of a scalar", () => matmul(scalar, matrix), ShapeError, /matmul/],
  ["matmul of a vector to transpose", () => matmul(vector, matrix, { transposeA: true }), ShapeError, /matmul/],
  ["expand of a new axis to -1", () => expand(vector, [-1, 3]), ShapeError, /expand: expected sizes/],
  ["eye of a negative size", () => eye(-1), ShapeError, /eye: expected sizes/],
  ["flip of an axis twice", () => flip(matrix, [0, -2]), ShapeError, /flip: expected distinct axes/],
  ["movedim of two axes to one place", () => movedim(matrix, [0, 1], 0), ShapeError, /movedim: expected as many/],
  ["movedim of an axis twice", () => movedim(matrix, [0, 0], [0, 1]), ShapeError, /movedim: expected as many/],
  ["narrow beyond the end", () => narrow(matrix, 1, 2, 2), ArgumentError, /narrow: expected a range inside of the 3/],
  ["narrow of a negative length", () => narrow(matrix, 1, 0, -1), ArgumentError, /narrow/],
  ["select beyond the end", () => select(matrix, 0, 2), ArgumentError, /select: expected an index in \[-2, 2\), got 2/],
  ["unbind of a scalar", () => unbind(scalar), ShapeError, /unbind: expected an axis/],
  ["slice in steps of 0", () => slice(matrix, 0, 0, 2, 0), ArgumentError, /slice: expected integers, and a step that/],
  ["slice in half steps", () => slice(matrix, 0, 0, 2, 0.5), ArgumentError, /slice/],
  ["stack of two shapes", () => stack([matrix, vector]), ShapeError, /stack: expected tensors of one shape/],
  ["stack at a place that is not there", () => stack([matrix, matrix], 3), ShapeError, /unsqueeze: expected an axis/],
  ["split by 0", () => split(matrix, 0), ArgumentError, /split: expected a size that is an integer > 0/],
  ["split into other sizes", () => split(matrix, [1, 2]), ShapeError, /split: expected sizes that add up to 2/],
  [
    "split into a negative size",
    () => split(matrix, [3, -1]),
    ArgumentError,
    /split: expected sizes that are integers/,
  ],
  ["chunk into nothing", () => chunk(matrix, 0), ArgumentError, /chunk: expected an integer > 0, got 0/],
  ["roll by fewer amounts than axes", () => roll(matrix, 1, [0, 1]), ArgumentError, /roll: expected 2 integers/],
  ["tile less than never", () => tile(matrix, [-1]), ArgumentError, /tile: expected integers >= 0/],
  [
    "repeatInterleave with a number too few",
    () => repeatInterleave(matrix, [1], 0),
    ArgumentError,
    /repeatInterleave: expected a number for each of the 2 slices/,
  ],
  ["unflatten to another size", () => unflatten(matrix, 1, [2, -1]), ShapeError, /unflatten: expected sizes whose/],
  ["unflatten to two open sizes", () => unflatten(matrix, 1, [-1, -1]), ShapeError, /unflatten/],
  ["tril of a vector", () => tril(vector), ShapeError, /tril: expected matrices/],
  ["diagonal of one axis", () => diagonal(matrix, 0, 1, -1), ShapeError, /diagonal: expected two axes/],
  ["diagonal of half an offset", () => diagonal(matrix, 0.5), ArgumentError, /diagonal: expected an integer offset/],
  ["diag of three axes", () => diag(zeros([1, 1, 1])), ShapeError, /diag: expected a vector or a matrix/],
  ["diagEmbed of a scalar", () => diagEmbed(scalar), ShapeError, /diagEmbed: expected vectors/],
  ["meshgrid of a matrix", () => meshgrid([matrix]), ShapeError, /meshgrid: expected vectors/],
  [
    "pad in a mode that is not there",
    () => pad(matrix, ones(1), { mode: "wrap" as "reflect" }),
    ArgumentError,
    /pad: expected a mode/,
  ],
  [
    "reflect as far as there is",
    () => pad(matrix, ones(3), { mode: "reflect" }),
    ShapeError,
    /pad: expected at most 2/,
  ],
  ["go around twice", () => pad(matrix, ones(4), { mode: "circular" }), ShapeError, /pad: expected at most 3/],
  ["replicate nothing", () => pad(empty, ones(1), { mode: "replicate" }), ShapeError, /pad: expected at most 0/],
  ["maskedFill with a number", () => maskedFill(matrix, zeros([3]), 0), DTypeError, /where: expected a bool condition/],
  ["maskedFill with a larger mask", () => maskedFill(scalar, bool, 0), ShapeError, /expand/],
  [
    "maskedFill of int32 with 0.5",
    () => maskedFill(int([2], 1, 2), bool, 0.5),
    DTypeError,
    /maskedFill: expected a value of/,
  ],
  ["gather with float indices", () => gather(matrix, matrix, 0), DTypeError, /gather: expected int32 indices/],
  ["gather with fewer axes", () => gather(matrix, int([1], 0), 0), ShapeError, /gather: expected indices no larger/],
  [
    "gather with more columns",
    () => gather(matrix, int([1, 4], 0, 0, 0, 0), 0),
    ShapeError,
    /gather: expected indices no larger than \[2, 3\] but for axis 0, got \[1, 4\]/,
  ],
  [
    "gather out of range",
    () => gather(matrix, int([1, 1], 2), 0),
    ArgumentError,
    /gather: expected indices in \[0, 2\), got 2/,
  ],
  ["takeAlongAxis with fewer axes", () => takeAlongAxis(matrix, int([1], 0), 0), ShapeError, /takeAlongAxis/],
  ["scatter out of range", () => scatter(matrix, int([1, 1], -1), 5, 0), ArgumentError, /scatter: expected indices in/],
  [
    "scatter of another dtype",
    () => scatter(matrix, int([1, 1], 0), bool, 0),
    DTypeError,
    /scatter: expected a value of float32, got bool/,
  ],
  [
    "scatter of fewer sources than indices",
    () => scatter(matrix, int([2, 1], 0, 0), zeros([1, 1]), 0),
    ShapeError,
    /scatter: expected indices no larger than \[1, 1\], got \[2, 1\]/,
  ],
  ["scatterReduce of bool", () => scatterReduce(bool, int([1], 0), bool, 0, "amax"), DTypeError, /scatterReduce/],
  [
    "scatterReduce by another name",
    () => scatterReduce(matrix, int([1, 1], 0), matrix, 1, "median" as "mean"),
    ArgumentError,
    /scatterReduce: expected a reduction out of sum, prod, mean, amax, amin, got median/,
  ],
  [
    "scatterReduce of more indices than there is room for",
    () => scatterReduce(matrix, int([3, 1], 0, 0, 0), matrix, 1, "prod"),
    ShapeError,
    /scatterReduce: expected ind/,
  ],
  ["scatterAdd of bool", () => scatterAdd(bool, int([1], 0), bool, 0), DTypeError, /scatterAdd/],
  [
    "scatterAdd out of range",
    () => scatterAdd(vector, int([1], 3), vector, 0),
    ArgumentError,
    /scatterAdd: expected ind/,
  ],
  [
    "indexSelect of a list out of range",
    () => indexSelect(matrix, [0, 2]),
    ArgumentError,
    /indexSelect: expected integer/,
  ],
  ["indexSelect of a list of halves", () => indexSelect(matrix, [0.5]), ArgumentError, /got 0.5/],
  ["maskedSelect with numbers", () => maskedSelect(matrix, matrix), DTypeError, /maskedSelect: expected a bool mask/],
  [
    "maskedSelect with another shape",
    () => maskedSelect(matrix, bool),
    ShapeError,
    /maskedSelect: expected shapes that broadcast/,
  ],
  ["einsum of no equation", () => einsum("i!", vector), ArgumentError, /einsum: expected letters/],
  ["einsum with two arrows", () => einsum("i->i->i", vector), ArgumentError, /einsum: expected letters/],
  ["einsum with an operand too few", () => einsum("i,j", vector), ArgumentError, /einsum: expected one term for each/],
  ["einsum with too few letters", () => einsum("i", matrix), ArgumentError, /einsum: expected as many letters/],
  ["einsum with too many letters", () => einsum("...ijk", matrix), ArgumentError, /einsum: expected as many letters/],
  ["einsum with an output of nowhere", () => einsum("i->j", vector), ArgumentError, /"j" in the output/],
  ["einsum with an output twice", () => einsum("i->ii", vector), ArgumentError, /einsum: expected each letter once/],
  ["einsum of two sizes", () => einsum("ij,jk", matrix, matrix), ShapeError, /einsum: expected one size for "j"/],
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
    expect(isGraftError(thrown)).toBe(true);
  });
});

describe("shapes that depend on values", () => {
  const x = tensor([
    [0, 2],
    [Number.NaN, 0],
  ]);

  test("are there eagerly", () => {
    expect(nonzero(x).toNested()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(nonzero(zeros([0, 2])).shape).toEqual([0, 2]);
    expect(nonzero(tensor(3)).shape).toEqual([1, 0]);
    const leaf = tensor([1, 2, 3], undefined, { requiresGrad: true });
    const mask = tensor([1, 0, 1], [3], { dtype: "bool" });
    const picked = maskedSelect(leaf, mask);
    expect(picked.toNested()).toEqual([1, 3]);
    picked.backward(tensor([5, 7]));
    expect(leaf.grad?.toNested()).toEqual([5, 0, 7]);
  });

  test("are not while tracing", () => {
    expect(() => compile((t) => nonzero(t))(x)).toThrowError(TraceError);
  });
});

test("of equal indices the last source is written, and alone has a gradient", () => {
  const source = tensor([1, 2, 3], undefined, { requiresGrad: true });
  const y = scatter(zeros([2]), int([3], 0, 1, 0), source, 0);
  expect(y.toNested()).toEqual([3, 2]);
  y.backward(tensor([5, 7]));
  expect(source.grad?.toNested()).toEqual([0, 7, 5]);
});

test("what has nothing to do returns what it was given", () => {
  for (const same of [
    slice(matrix, 0, 0, 2),
    flip(empty, 1),
    roll(matrix, 3, 1),
    expand(matrix, [-1, 3]),
    movedim(matrix, 0, 0),
    split(matrix, 2)[0],
  ]) {
    expect([matrix, empty]).toContain(same);
  }
});
