import { crossEntropy, Linear, ReLU, Sequential } from "@graftjs/nn";
import { compile, noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { expectedOutputs, fixture, modelBytes, sines } from "../test/fixtures.ts";
import { CutError, ModelInputError, NodeError, UnsupportedOperatorError } from "./errors.ts";
import { load } from "./load.ts";
import { importModel } from "./module.ts";

const runnable = Object.keys(expectedOutputs).filter((name) => name !== "quantised.onnx" && name !== "external.onnx");

describe("forward", () => {
  it.each(runnable)("computes what ONNX Runtime computes: %s", (name) => {
    const { inputShape, shape, output } = expectedOutputs[name] as (typeof expectedOutputs)[string];
    const y = noGrad(() => importModel(fixture(name)).eval().forward(sines(inputShape)));
    expect(y.shape).toEqual(shape);
    const tolerance = name === "half.onnx" ? 2e-3 : 2e-5;
    for (const [i, value] of y.toArray().entries())
      expect(Math.abs(value - (output[i] as number))).toBeLessThan(tolerance);
  });

  it("takes any batch, also where the file bakes one in", () => {
    const network = importModel(fixture("lenet.onnx")).eval();
    const x = sines([3, 1, 16, 16]);
    const three = noGrad(() => network.forward(x)).toArray();
    const second = noGrad(() => network.forward(tensor(x.toArray().slice(256, 512), [1, 1, 16, 16]))).toArray();
    expect(three.slice(10, 20)).toEqual(second);
  });

  it("refuses an input of another shape", () => {
    const network = importModel(fixture("resnet.onnx"));
    expect(() => network.forward(sines([2, 3, 16, 17]))).toThrow(ModelInputError);
    expect(() => network.forward(sines([2, 3, 16, 17]))).toThrow(/\[N, 3, 16, 16\].*\[2, 3, 16, 17\]/);
  });

  it("can be compiled", () => {
    const network = importModel(fixture("mobilenet.onnx")).eval();
    const x = sines([2, 3, 12, 12]);
    expect(compile((input) => network.forward(input))(x).toArray()).toEqual(noGrad(() => network.forward(x)).toArray());
  });
});

describe("import", () => {
  it("names parameters and buffers as the initializers, and takes bounds for constants", () => {
    const network = importModel(fixture("resnet.onnx"));
    expect([...network.namedParameters().keys()]).toContain("layer1.0.downsample.1.weight");
    expect([...network.namedBuffers().keys()]).toContain("bn1.running_mean");
    expect(importModel(fixture("mobilenet.onnx")).namedParameters().has("clip_max")).toBe(false);
  });

  it("names all nodes of a quantised model, and what to do", () => {
    const failure = (): unknown => importModel(fixture("quantised.onnx"));
    expect(failure).toThrow(UnsupportedOperatorError);
    expect(failure).toThrow(/MatMulInteger at node "matmulinteger_2".*float model/);
  });

  it.each([
    ["Frobnicate", "", {}, /no importer/],
    ["Relu", "com.example", {}, /domain "com.example"/],
    ["Relu", "", { slope: 1 }, /attribute "slope" is not known/],
  ])("refuses %s of domain %j", (opType, domain, extra, message) => {
    const attribute = Object.entries(extra).map(([name, i]) => ({ name, i, type: 2 }));
    expect(() =>
      importModel(modelBytes({ nodes: [{ opType, domain, name: "odd", input: ["x"], output: ["y"], attribute }] })),
    ).toThrow(message);
  });

  it("names the node at which shapes do not fit", () => {
    const nodes = [{ opType: "Reshape", name: "bad", input: ["x", "shape"], output: ["y"] }];
    const initializers = [{ name: "shape", dataType: 7, dims: [1], int64Data: [5] }];
    expect(() => importModel(modelBytes({ nodes, initializers }))).toThrow(NodeError);
    expect(() => importModel(modelBytes({ nodes, initializers }))).toThrow(/node "bad"/);
  });

  it("loads bytes and blobs", async () => {
    const bytes = fixture("resnet.onnx");
    for (const source of [bytes, bytes.buffer, new Blob([bytes])]) expect((await load(source)).model.opset).toBe(17);
  });
});

describe("cut", () => {
  it.each([
    ["lenet.onnx", 64, "vector", "MatMul"],
    ["resnet.onnx", 8, "vector", "Gemm"],
    ["mobilenet.onnx", 10, "vector", "Gemm"],
    ["mobilenet-opset10.onnx", 10, "vector", "Gemm"],
    ["squeezenet.onnx", 12, "map", "Conv"],
  ])("finds the classifier of %s", (name, features, kind, opType) => {
    const { cutPoint } = importModel(fixture(name));
    expect(cutPoint).toMatchObject({ features, kind, classifier: { opType } });
    expect(cutPoint.tensor).not.toMatch(/dropout/);
  });

  it("can be chosen by name, and gives the averaged map", () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    const name = "relu_3_out";
    expect(network.cut(name)).toEqual({ tensor: name, features: 6, kind: "map", classifier: undefined });
    expect(network.features(sines([2, 3, 16, 16])).shape).toEqual([2, 6]);
    expect(network.cut().features).toBe(8);
  });

  it("refuses what is no place for a head", () => {
    const network = importModel(fixture("lenet.onnx"));
    expect(() => network.cut("nothing")).toThrow(CutError);
    expect(() => network.cut("Parameter6")).toThrow(/shape \[4, 1, 1\].*pool: "mean"/);
    expect(() => network.replaceHead(0)).toThrow(CutError);
  });

  it("is the output where the file has no classifier", () => {
    const nodes = [{ opType: "Relu", input: ["x"], output: ["y"] }];
    expect(importModel(modelBytes({ nodes })).cutPoint).toEqual({
      tensor: "y",
      features: 3,
      kind: "vector",
      classifier: undefined,
    });
  });
});

describe("replaceHead", () => {
  it("puts a linear layer on the features and takes the old one's parameters away", () => {
    const network = importModel(fixture("squeezenet.onnx")).eval();
    const head = network.replaceHead(4, { seed: 3 });
    expect(head.namedParameters().get("weight")?.shape).toEqual([4, 12]);
    const names = [...network.namedParameters().keys()];
    expect(names).toContain("head.weight");
    expect(names).not.toContain("classifier.1.weight");
    const x = sines([2, 3, 20, 20]);
    expect(network.forward(x).toArray()).toEqual((head as Linear).forward(network.features(x)).toArray());
  });

  it("is the same for the same seed, and another for another", () => {
    const weights = (seed: number): unknown =>
      importModel(fixture("resnet.onnx")).replaceHead(4, { seed }).parameters()[0]?.toArray();
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });

  it("takes a module", () => {
    const network = importModel(fixture("resnet.onnx"));
    network.replaceHead(new Sequential(new Linear(8, 6), new ReLU(), new Linear(6, 2)));
    expect(network.forward(sines([2, 3, 16, 16])).shape).toEqual([2, 2]);
    expect([...network.headParameters().keys()]).toEqual([
      "head.0.weight",
      "head.0.bias",
      "head.2.weight",
      "head.2.bias",
    ]);
  });
});

describe("freezing", () => {
  it("keeps parameters and running statistics bit for bit while the rest trains", () => {
    const network = importModel(fixture("resnet.onnx")).train();
    network.replaceHead(3);
    network.freezeBackbone();
    const frozen = network.frozenState();
    expect(frozen.size).toBe(network.backboneParameters().size + network.namedBuffers().size);
    const before = [...frozen.values()].map((t) => t.toArray());
    const x = sines([4, 3, 16, 16]);
    const loss = crossEntropy(network.forward(x), tensor(Int32Array.of(0, 1, 2, 0), [4]));
    loss.backward();
    expect([...network.backboneParameters().values()].every((p) => p.grad === null)).toBe(true);
    expect([...network.headParameters().values()].every((p) => p.grad !== null)).toBe(true);
    expect([...frozen.values()].map((t) => t.toArray())).toEqual(before);
  });

  it("trains what is not frozen: gradients and running statistics move", () => {
    const network = importModel(fixture("resnet.onnx")).train();
    network.freeze({ until: "relu_3_out" });
    const mean = (name: string) => network.namedBuffers().get(name)?.toArray();
    const [first, later] = [mean("bn1.running_mean"), mean("layer1.0.bn1.running_mean")];
    crossEntropy(network.forward(sines([4, 3, 16, 16])), tensor(Int32Array.of(0, 1, 2, 0), [4])).backward();
    expect(mean("bn1.running_mean")).toEqual(first);
    expect(mean("layer1.0.bn1.running_mean")).not.toEqual(later);
    const { grad } = network.namedParameters().get("layer1.0.conv1.weight") as { grad: unknown };
    expect(grad).not.toBeNull();
  });

  it("selects by name and by pattern", () => {
    const network = importModel(fixture("resnet.onnx"));
    network.freeze("fc.bias").freeze(/^conv1/);
    const trained = [...network.namedParameters()].filter(([, p]) => p.requiresGrad).map(([name]) => name);
    expect(trained).not.toContain("fc.bias");
    expect(trained).not.toContain("conv1.weight");
    expect(trained).toContain("fc.weight");
    expect(() => network.freeze("fc.nothing")).toThrow(CutError);
    network.unfreeze("fc.bias");
    expect(network.namedParameters().get("fc.bias")?.requiresGrad).toBe(true);
  });
});
