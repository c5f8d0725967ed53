import { noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { type Case, counting, integers, near, row, run } from "../../test/operatorCase.ts";
import { importModel, type OnnxModule } from "../module.ts";

const float = (name: string, f: number): object => ({ name, type: 1, f });
const int = (name: string, i: number): object => ({ name, type: 2, i });

describe("operators on arrays", () => {
  it.each<[why: string, c: Case, message: RegExp]>([
    ["of data", near("NonZero", row(1, 0), row(0)), /NonZero.*depend on data/s],
    ["of data", near("Unique", row(1, 0), row(0)), /Unique.*depend on data/s],
    [
      "an unknown reduction",
      near("ScatterND", row(1), row(1), { rest: [integers([1, 1], 0), row(1)], attributes: { reduction: "mean" } }),
      /reduction "mean"/,
    ],
    [
      "axes in the place of older files",
      near("ReduceL1", row(1), row(1), { opset: 18, attributes: { axes: [0] } }),
      /axes are an input from operator set 18 on/,
    ],
    ["what is not square", near("Det", counting(2, 3), row(0)), /square matrices/],
    ["an equation that is not there", near("Einsum", counting(2, 3), row(0)), /no equation/],
    ["types without numbers", near("EyeLike", counting(2, 2), row(0), { attributes: { dtype: 8 } }), /type string/],
    [
      "what is too large",
      near("Tile", counting(2, 2), row(0), { rest: [[2 ** 20, 2 ** 20]] }),
      /at most 67108864 elements/,
    ],
  ])("refuse %s", (_, c, message) => {
    expect(() => run(c)).toThrow(message);
  });

  it("do not evaluate at once what would grow large", () => {
    const nodes = [
      { opType: "Tile", input: ["a", "repeats"], output: ["many"] },
      { opType: "ReduceMax", input: ["many"], output: ["largest"] },
      { opType: "Cast", input: ["largest"], output: ["number"], attribute: [int("to", 1)] },
      { opType: "Add", input: ["x", "number"], output: ["y"] },
    ];
    const initializers = [
      { name: "a", dataType: 7, dims: [2], int64Data: [3, 4] },
      { name: "repeats", dataType: 7, dims: [1], int64Data: [2 ** 22] },
    ];
    const module = importModel(modelBytes({ nodes, initializers, inputShape: [1] }));
    expect(module.shapes.get("many")).toEqual([2 ** 23]);
    expect(noGrad(() => module.forward(tensor([1]))).toNested()).toEqual([5]);
  });

  it("have the gradient of a determinant, its cofactors", () => {
    const module = importModel(
      modelBytes({ nodes: [{ opType: "Det", input: ["x"], output: ["y"] }], inputShape: [2, 2] }),
    );
    const x = tensor([0, 2, 3, 4], [2, 2], { requiresGrad: true });
    module.forward(x).backward();
    expect(x.grad?.toNested()).toEqual([
      [4, -3],
      [-2, 0],
    ]);
  });
});

function drawing(opType: string, attributes: readonly object[] = []): OnnxModule {
  return importModel(
    modelBytes({
      opset: 22,
      nodes: [{ opType, input: ["x"], output: ["y"], attribute: attributes }],
      inputShape: [2, 400],
    }),
  ).eval();
}
const draw = (module: OnnxModule, x: number): Tensor =>
  noGrad(() => module.forward(tensor(new Float32Array(800).fill(x), [2, 400])));
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe("operators that draw", () => {
  it.each<[opType: string, attributes: object[], x: number, low: number, high: number, mean: number]>([
    ["RandomUniformLike", [float("low", 2), float("high", 4)], 0, 2, 4, 3],
    ["RandomNormalLike", [float("mean", 5), float("scale", 0.5)], 0, 1, 9, 5],
    ["Bernoulli", [], 0.25, 0, 1, 0.25],
    ["Bernoulli", [int("dtype", 6)], 0.75, 0, 1, 0.75],
  ])("%s", (opType, attributes, x, low, high, expected) => {
    const module = drawing(opType, attributes);
    const first = draw(module, x).toArray();
    expect(Math.min(...first)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...first)).toBeLessThanOrEqual(high);
    expect(Math.abs(mean(first) - expected)).toBeLessThan((high - low) / 12);
    expect(draw(module, x).toArray()).not.toEqual(first);
  });

  it.each([
    ["RandomUniform", 0.5],
    ["RandomNormal", 0],
  ])("%s in a shape of its own", (opType, expected) => {
    const attribute = [{ name: "shape", type: 7, ints: [300] }, float("seed", 1.5)];
    const nodes = [
      { opType, input: [], output: ["drawn"], attribute },
      { opType: "Add", input: ["x", "drawn"], output: ["y"] },
    ];
    const made = (): OnnxModule => importModel(modelBytes({ opset: 22, nodes, inputShape: [300] }));
    const zeros = tensor(new Float32Array(300));
    const [first, again] = [made(), made()].map((module) => module.eval().forward(zeros).toArray());
    expect(Math.abs(mean(first as Float32Array) - expected)).toBeLessThan(0.2);
    expect(again).toEqual(first);
  });

  it("draws classes by their probabilities", () => {
    const module = importModel(
      modelBytes({
        opset: 22,
        nodes: [
          {
            opType: "Multinomial",
            input: ["x"],
            output: ["y"],
            attribute: [int("sample_size", 500), float("seed", 3)],
          },
        ],
        inputShape: [2, 3],
      }),
    );
    const logits = tensor([Math.log(0.5), Math.log(0.5), -90, 7, -90, 7], [2, 3]);
    const classes = noGrad(() => module.eval().forward(logits));
    expect(classes.shape).toEqual([2, 500]);
    const drawn = Array.from(classes.toArray());
    expect([...new Set(drawn.slice(0, 500))].sort()).toEqual([0, 1]);
    expect([...new Set(drawn.slice(500))].sort()).toEqual([0, 2]);
    expect(Math.abs(mean(drawn.slice(0, 500)) - 0.5)).toBeLessThan(0.1);
  });
});
