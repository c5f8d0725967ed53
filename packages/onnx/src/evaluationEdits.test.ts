import { noGrad } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes, sines } from "../test/fixtures.ts";
import { graph, node } from "../test/graphs.ts";
import { exportFeatures, exportModel } from "./export.ts";
import { readModel } from "./model.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { proto } from "./proto.ts";
import { splice } from "./splice.ts";

const floats = (name: string, ...values: number[]): object => ({
  name,
  dataType: 1,
  dims: [values.length],
  floatData: values,
});
const matrix = { name: "fc", dataType: 1, dims: [3, 2], floatData: [1, 2, 3, 4, 5, 6] };

/** BatchNormalization and Dropout as an export in training mode has them; the statistics are returned, too, if `returned`. */
function inTraining(returned = false): OnnxModule {
  const names = ["scale", "shift", "mean", "var"];
  const bytes = modelBytes({
    opset: 15,
    nodes: [
      {
        opType: "BatchNormalization",
        docString: "kept",
        input: ["x", ...names],
        output: ["b", "newMean", "newVar"],
        attribute: [{ name: "training_mode", type: 2, i: 1 }],
      },
      node("Constant", [], "flag", { name: "value", type: 4, t: { dataType: 9, dims: [], int32Data: [1] } }),
      node("Dropout", ["b", "ratio", "flag"], ["d", "dropped"]),
      node("Dropout", ["d", "ratio", "stored"], ["e", "droppedToo"]),
      node("Relu", ["e"], "r"),
      node("MatMul", ["r", "fc"], "y"),
    ],
    initializers: [
      ...names.map((name, i) => floats(name, 0.5 + i, 1, 1.5)),
      { name: "ratio", dataType: 1, dims: [], floatData: [0.5] },
      { name: "stored", dataType: 9, dims: [], int32Data: [1] },
      matrix,
    ],
  });
  const model = proto.ModelProto.decode(bytes);
  const type = { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 3 }] } } };
  model.graph?.valueInfo?.push({ name: "newMean", type } as never, { name: "newVar", type } as never);
  if (returned) model.graph?.output?.push({ name: "newMean", type } as never);
  return importModel(proto.ModelProto.encode(model).finish()).eval();
}

describe("exports of a file in training mode", () => {
  it("leave nothing of that mode behind, and keep the rest of the nodes", async () => {
    const network = inTraining();
    network.replaceHead(2);
    const { bytes, removed, kept } = await exportModel(network);
    const { nodes, initializers, valueInfos } = readModel(bytes).graph;
    expect(nodes.slice(0, 3).map(({ opType, inputs, outputs }) => [opType, inputs.length, outputs])).toEqual([
      ["BatchNormalization", 5, ["b"]],
      ["Dropout", 2, ["d"]],
      ["Dropout", 2, ["e"]],
    ]);
    expect(nodes.some(({ opType }) => opType === "Constant")).toBe(false);
    expect(initializers.has("stored")).toBe(false);
    expect([...valueInfos.keys()]).toEqual([]);
    expect(removed).toEqual(["fc", "stored"]);
    expect(kept).toBe(5);
    expect(proto.ModelProto.decode(bytes).graph?.node?.[0]?.docString).toBe("kept");
  });

  it("are of features, too", () => {
    const network = inTraining();
    const model = readModel(exportFeatures(network));
    expect(model.graph.nodes[0]?.outputs).toEqual(["b"]);
    const x = sines([2, 3]);
    expect(noGrad(() => importModel(model).eval().forward(x)).toArray()).toEqual(
      noGrad(() => network.features(x)).toArray(),
    );
  });

  it("are changed where a new head takes the place of what returned the statistics", async () => {
    const network = inTraining(true);
    network.replaceHead(2);
    const { bytes } = await exportModel(network);
    expect(readModel(bytes).graph.nodes[0]?.outputs).toEqual(["b"]);
  });
});

describe("a new head", () => {
  it("keeps clear of names in graphs of the backbone", async () => {
    const named = (name: string): object =>
      graph(name, {
        nodes: [node("Mul", ["x", "head.weight"], `${name}_out`)],
        outputs: [`${name}_out`],
        initializers: [floats("head.weight", 1, 2, 3)],
      });
    const yes = { name: "yes", dataType: 9, dims: [], int32Data: [1] };
    const nodes = [
      node("If", ["yes"], "z", named("then_branch"), named("else_branch")),
      node("MatMul", ["z", "fc"], "y"),
    ];
    const network = importModel(modelBytes({ nodes, initializers: [yes, matrix] })).eval();
    network.replaceHead(2);
    const { added } = await exportModel(network);
    expect(added).toEqual(["head2.weight", "head2.bias"]);
  });

  it("takes away what was returned as it is stored", async () => {
    const bytes = modelBytes({ nodes: [node("MatMul", ["x", "fc"], "y")], initializers: [matrix, floats("other", 1)] });
    const outputs = [{ name: "y" }, { name: "other" }].map((info) => ({
      ...info,
      dtype: "float32" as const,
      shape: undefined,
    }));
    const network = importModel(splice(readModel(bytes), { outputs })).eval();
    network.replaceHead(2);
    expect((await exportModel(network)).removed).toEqual(["fc", "other"]);
  });
});
