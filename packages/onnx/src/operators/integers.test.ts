import { noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { int, int64, node } from "../../test/graphs.ts";
import { type Case, constantly, counting, integers, near, row, run } from "../../test/operatorCase.ts";
import { importModel } from "../module.ts";

/** TensorProto.DataType */
const [uint8, int8, int32] = [2, 3, 6] as const;

const largest = { shape: [1], data: [2 ** 31 - 1], dtype: "int32" } as const;

/** What nodes make of integers of a type. */
function made(elemType: number, x: readonly number[], nodes: readonly object[], opset = 17): unknown {
  const network = importModel(
    modelBytes({ opset, nodes, inputs: [{ name: "x", shape: [x.length], elemType }] }),
  ).eval();
  return noGrad(() => network.forward(tensor(Int32Array.from(x)))).toNested();
}

describe("integers that depend on data", () => {
  it("wrap around in the type that the file declares", () => {
    const twelve = int64("twelve", [12]);
    expect(made(uint8, [5, 30], [twelve, node("Sub", ["x", "twelve"], "y")])).toEqual([249, 18]);
    expect(made(uint8, [5, 30], [twelve, node("Sub", ["twelve", "x"], "y")])).toEqual([7, 238]);
    expect(made(uint8, [5, 30], [twelve, node("Mul", ["x", "twelve"], "y")])).toEqual([60, 104]);
    expect(made(int8, [120, -3], [twelve, node("Add", ["x", "twelve"], "y")])).toEqual([-124, 9]);
    expect(made(int32, [120, -3], [twelve, node("Sub", ["twelve", "x"], "y")])).toEqual([-108, 15]);
  });

  it("have exact powers", () => {
    const x = [12345, -3, 7];
    expect(made(int32, x, [int64("n", [2]), node("Pow", ["x", "n"], "y")])).toEqual([152399025, 9, 49]);
    expect(made(int32, x, [int64("n", [2, 0, 10]), node("Pow", ["x", "n"], "y")])).toEqual([152399025, 1, 282475249]);
    expect(made(int32, [3], [int64("n", [1, 3, 5]), node("Pow", ["x", "n"], "y")])).toEqual([3, 27, 243]);
    expect(made(int32, [2, 5], [int64("n", [-1]), node("Pow", ["x", "n"], "y")])).toEqual([0, 0]);
  });

  it("are multiplied as matrices", () => {
    const matrix = [int64("flat", [1, 2, 3, 4]), int64("two", [2, 2]), node("Reshape", ["flat", "two"], "m")];
    expect(made(int32, [2 ** 25 + 1, 1], [...matrix, node("MatMul", ["x", "m"], "y")])).toEqual([
      2 ** 25 + 4,
      2 ** 26 + 6,
    ]);
    const rows = [int64("shape", [1, 2]), node("Reshape", ["x", "shape"], "rows")];
    const sum = node("Gemm", ["rows", "m", "two"], "y", int("transB", 1));
    expect(made(int32, [5, 6], [...matrix, ...rows, sum])).toEqual([[19, 41]]);
  });

  it("keep their type where another value takes it", () => {
    const nodes = [int64("n", [300]), node("CastLike", ["n", "x"], "y")];
    expect(made(uint8, [1], [...nodes, node("Max", ["y", "x"], "z")])).toEqual([44]);
  });
});

describe("resized integers", () => {
  const resized = (elemType: number, mode: string, sizes: readonly number[], x: readonly number[]): unknown =>
    made(elemType, x, [
      int64("sizes", sizes),
      node("Resize", ["x", "", "", "sizes"], "y", { name: "mode", type: 3, s: new TextEncoder().encode(mode) }),
    ]);

  it("are rounded", () => {
    expect(resized(uint8, "linear", [4], [10, 13])).toEqual([10, 11, 12, 13]);
  });

  it("stay in the range of their type", () => {
    expect(resized(uint8, "cubic", [6], [0, 255, 255])).toEqual([0, 58, 197, 255, 255, 255]);
  });
});

describe("constant integers", () => {
  it.each<[what: string, c: Case]>([
    ["products of 32 bits", constantly("Mul", [1], { rest: [largest, largest] })],
    ["division by zero", constantly("Div", [0], { rest: [[5], [0]] })],
    ["division by zero", constantly("Mod", [0], { rest: [[5], [0]] })],
    ["the largest of none", constantly("ReduceMax", [-(2 ** 63)], { opset: 20, rest: [[]] })],
    ["the smallest of none", constantly("ReduceMin", [2 ** 63], { opset: 20, rest: [[]] })],
    ["a mean of none", constantly("ReduceMean", [0], { rest: [[]] })],
  ])("%s", (_, c) => {
    expect(Array.from(run(c).toArray())).toEqual(c.y.data);
  });

  it("are reduced at once where there are none, so that shapes follow from them", () => {
    const nodes = [
      int64("none", []),
      node("ReduceProd", ["none"], "one", int("keepdims", 1)),
      node("ReduceSum", ["none"], "zero", int("keepdims", 1)),
      node("Concat", ["one", "zero"], "shape", int("axis", 0)),
      node("ConstantOfShape", ["shape"], "made"),
      node("Concat", ["x", "made"], "y", int("axis", 1)),
    ];
    const network = importModel(modelBytes({ opset: 18, nodes, inputs: [{ name: "x", shape: [1, 2] }] })).eval();
    expect(noGrad(() => network.forward(tensor([3, 4], [1, 2]))).toNested()).toEqual([[3, 4]]);
  });

  it.each<[what: string, c: Case, message: RegExp]>([
    ["an index beyond the end", constantly("Gather", [0], { rest: [[1, 2], [2]] }), /indices into 2 places, got 2/],
    ["an index before the start", near("Gather", row(1, 2), row(0), { rest: [[-3]] }), /indices into 2 places, got -3/],
    [
      "tuples of indices beyond an axis",
      near("GatherND", counting(2, 3), row(0), { rest: [integers([1, 2], 0, 3)] }),
      /indices into 3 places, got 3/,
    ],
    [
      "places that are not there",
      near("ScatterElements", row(1, 2), row(0), { rest: [[2], row(5)] }),
      /indices into 2 places, got 2/,
    ],
    [
      "parts of different sizes",
      constantly("Concat", [0], { rest: [[1, 2], integers([1, 1], 3)], attributes: { axis: 0 } }),
      /the sizes \[2\] on all axes but 0, got \[2\], \[1, 1\]/,
    ],
    [
      "two open sizes",
      constantly("Reshape", [0], {
        rest: [
          [1, 2],
          [-1, -1],
        ],
      }),
      /shape of 2 elements/,
    ],
    [
      "negative sizes",
      constantly("Reshape", [0], {
        rest: [
          [1, 2],
          [-1, -2],
        ],
      }),
      /shape of 2 elements/,
    ],
    [
      "an open size of nothing",
      constantly("Reshape", [0], { rest: [integers([0, 3]), [0, -1]] }),
      /shape of 0 elements/,
    ],
    [
      "axes that come twice",
      constantly("Transpose", [0], { rest: [integers([1, 2], 3, 4)], attributes: { perm: [0, 0] } }),
      /distinct axes/,
    ],
    [
      "too few axes",
      constantly("Transpose", [0], { rest: [integers([1, 2], 3, 4)], attributes: { perm: [0] } }),
      /2 axes/,
    ],
    ["an axis too far", near("Flatten", counting(2, 2), row(0), { attributes: { axis: 3 } }), /an axis in/],
    ["what is no matrix", near("EyeLike", counting(2, 2, 1), row(0)), /a matrix/],
  ])("refuse %s", (_, c, message) => {
    expect(() => run(c)).toThrow(message);
  });
});
