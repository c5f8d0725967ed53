import { readFileSync } from "node:fs";
import { nllLoss } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { log, mean, noGrad, square, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { exportModel } from "./export.ts";
import { inspect } from "./inspect.ts";
import { readModel } from "./model.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { proto } from "./proto.ts";

const folder = new URL("../../../fixtures/sklearn/", import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder)));

interface Expected {
  readonly input: readonly number[];
  readonly shape: readonly number[];
  readonly output: readonly number[];
  readonly labels: readonly (string | number)[] | null;
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));
const names = Object.keys(expected);
const load = (name: string): OnnxModule => importModel(bytesOf(name)).eval();
const inputOf = (name: string): Tensor => tensor(Float32Array.from(expected[name]?.input ?? []), [5, 4]);

function expectNear(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4);
}

describe.each(names)("%s", (name) => {
  it("computes what ONNX Runtime does", () => {
    const { shape, output } = expected[name] as Expected;
    const got = noGrad(() => load(name).forward(inputOf(name)));
    expect(got.shape).toEqual(shape);
    expectNear(got.toArray(), output);
  });

  it("is the same file again if nothing changed", async () => {
    const { bytes, maxAbsError } = await exportModel(load(name));
    expect(Buffer.compare(bytes, bytesOf(name))).toBe(0);
    expect(maxAbsError).toBe(0);
  });

  it("learns, and is written where its weights lay", async () => {
    const network = load(name).train();
    const { labels } = expected[name] as Expected;
    const target = tensor(Int32Array.of(0, 1, 1, 0, 1));
    const optimizer = new SGD(network.parameters(), { learningRate: 1e-3 });
    const losses = Array.from({ length: 4 }, () => {
      const output = network.forward(inputOf(name));
      const loss = labels ? nllLoss(log(output), target) : mean(square(output));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    network.eval();
    const { bytes, changed, added, removed } = await exportModel(network);
    expect(changed.toSorted()).toEqual([...network.namedParameters().keys()].sort());
    expect([added, removed]).toEqual([[], []]);
    expectNear(
      noGrad(() => importModel(bytes).eval().forward(inputOf(name))).toArray(),
      noGrad(() => network.forward(inputOf(name))).toArray() as unknown as number[],
    );
    const outline = (file: Uint8Array) => {
      const { graph, opsets } = readModel(file);
      return [
        opsets,
        graph.inputs,
        graph.outputs,
        graph.nodes.map(({ attributes, ...node }) => [node, [...attributes.keys()]]),
      ];
    };
    expect(outline(bytes)).toEqual(outline(bytesOf(name)));
  });

  it("takes a new head in place of its last layer", async () => {
    const network = load(name);
    expect(network.cutPoint.classifier?.opType).toMatch(/^(LinearClassifier|LinearRegressor|MatMul)$/);
    network.replaceHead(7, { seed: 1 });
    const { bytes } = await exportModel(network);
    const written = importModel(bytes).eval();
    expect(written.model.graph.outputs).toHaveLength(1);
    expect(written.model.graph.nodes.map(({ opType }) => opType)).not.toContain("ZipMap");
    expect(noGrad(() => written.forward(inputOf(name))).shape).toEqual([5, 7]);
  });
});

describe("labels", () => {
  it.each([
    ["logistic-binary", ["ada", "bob"]],
    ["pipeline-zipmap", ["10", "11", "12"]],
    ["mlp", ["ada", "bob", "cy"]],
    ["mlp-binary-zipmap", ["5", "6"]],
    ["mlp-regressor", null],
  ])("of %s are read out of its graph", (name, labels) => {
    expect(inspect(bytesOf(name)).labels).toEqual(labels);
  });

  it("are read out of a LabelEncoder behind an ArgMax, if it is given places", () => {
    const text = (value: string) => new TextEncoder().encode(value);
    const of = (keys: number[]) =>
      inspect(
        modelBytes({
          opsetImport: [
            { domain: "", version: 17 },
            { domain: "ai.onnx.ml", version: 2 },
          ],
          nodes: [
            { opType: "ArgMax", input: ["x"], output: ["place"], attribute: [{ name: "axis", type: 2, i: 1 }] },
            {
              opType: "LabelEncoder",
              domain: "ai.onnx.ml",
              input: ["place"],
              output: ["label"],
              attribute: [
                { name: "keys_int64s", type: 7, ints: keys },
                { name: "values_strings", type: 8, strings: ["ada", "bob", "cy"].map(text) },
              ],
            },
            { opType: "Softmax", input: ["x"], output: ["y"] },
          ],
        }),
      ).labels;
    expect(of([0, 1, 2])).toEqual(["ada", "bob", "cy"]);
    expect(of([2, 1, 0])).toBeNull();
  });

  it.each(["pipeline-zipmap", "mlp-binary-zipmap"])("of %s that are numbers are computed by run", (name) => {
    const outputs = noGrad(() => load(name).run([inputOf(name)]));
    expect([...outputs.keys()]).toEqual(["output_label"]);
    expect([...(outputs.get("output_label") as Tensor).toArray()]).toEqual(expected[name]?.labels);
  });

  it("are told apart from what is trained by the report", () => {
    const finding = (name: string) =>
      inspect(bytesOf(name)).findings.find(({ topic }) => topic === "other outputs")?.text;
    expect(finding("mlp-binary-zipmap")).toMatch(
      /^2 outputs \(output_label, output_probability\) .* returns "probability"/,
    );
    expect(finding("linear-regressor")).toBeUndefined();
  });
});

it("classifiers are blocks that make scores, not labels", () => {
  const { blocks } = inspect(bytesOf("pipeline-zipmap"));
  expect(blocks.map(({ output }) => output.shape)).toEqual([
    [1, 4],
    [1, 3],
  ]);
});

it("a choice of columns at the end is no layer to put a head in place of", () => {
  const choice = { opType: "ArrayFeatureExtractor", domain: "ai.onnx.ml", input: ["x", "columns"], output: ["y"] };
  const columns = { name: "columns", dataType: 7, dims: [2], int64Data: [2, 0] };
  const opsetImport = [
    { domain: "", version: 17 },
    { domain: "ai.onnx.ml", version: 1 },
  ];
  const network = importModel(modelBytes({ opsetImport, nodes: [choice], initializers: [columns] }));
  expect(network.cutPoint).toEqual({ tensor: "y", features: 2, kind: "vector", classifier: undefined });
});

it("weights in attributes are parameters like others", () => {
  const network = load("pipeline-zipmap");
  expect([...network.namedParameters().keys()]).toEqual([
    "mean",
    "transform_matrix",
    "LinearClassifier.coefficients",
    "LinearClassifier.intercepts",
  ]);
  expect(network.weights.get("LinearClassifier.coefficients")).toMatchObject({
    role: "parameter",
    kind: "linear weight, stored [out, in]",
    tensor: { dims: [3, 3] },
  });
  expect(network.weights.get("LinearClassifier.intercepts")?.kind).toBe("LinearClassifier bias");
});

it("a new head brings the standard operators to a file that has none of them", async () => {
  const { opsetImport: _, ...whole } = proto.ModelProto.decode(bytesOf("linear-regressor")).toJSON();
  const opsetImport = [{ domain: "ai.onnx.ml", version: 1 }];
  const bytes = proto.ModelProto.encode(proto.ModelProto.fromObject({ ...whole, opsetImport })).finish();
  const network = importModel(bytes).eval();
  expect((await exportModel(network)).bytes).toEqual(new Uint8Array(bytes));
  network.replaceHead(3, { seed: 1 });
  const { model } = importModel((await exportModel(network)).bytes);
  expect([...model.opsets]).toEqual([
    ["ai.onnx.ml", 1],
    ["", 13],
  ]);
});
