import { GELU, LayerNorm, Linear, Module, ReLU6, Sequential, Softmax } from "@graftjs/nn";
import { erfinv, noGrad, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { fixture, modelBytes, sines } from "../test/fixtures.ts";
import { ExportMismatchError, HeadExportError } from "./errors.ts";
import { exportFeatures, exportModel } from "./export.ts";
import { importModel } from "./module.ts";

const heads = ["lenet.onnx", "resnet.onnx", "mobilenet.onnx", "mobilenet-opset10.onnx", "squeezenet.onnx"];

describe("exportModel", () => {
  it.each(heads)("gives %s back byte for byte where nothing changed", async (name) => {
    const result = await exportModel(importModel(fixture(name)));
    expect(result.bytes).toEqual(fixture(name));
    expect(result).toMatchObject({ maxAbsError: 0, changed: [], added: [], removed: [] });
  });

  it.each(heads)("puts a new head on %s and keeps every other initializer", async (name) => {
    const network = importModel(fixture(name)).eval();
    const old = network.model.graph;
    network.replaceHead(4, { seed: 1 });
    const result = await exportModel(network, { metadata: { "graft.labels": '["a","b","c","d"]' } });
    expect(result.maxAbsError).toBeLessThan(1e-6);
    const written = importModel(result.bytes).eval();
    const { initializers, outputs } = written.model.graph;
    expect(written.model.metadata["graft.labels"]).toBe('["a","b","c","d"]');
    expect(outputs).toEqual([{ name: old.outputs[0]?.name, dtype: "float32", shape: [old.inputs[0]?.shape?.[0], 4] }]);
    for (const [key, stored] of initializers)
      if (old.initializers.has(key)) expect(stored.data()).toEqual(old.initializers.get(key)?.data());
    expect(result.kept).toBe(old.initializers.size - result.removed.length);
    expect(initializers.get("head.weight")?.dims).toEqual([4, network.cutPoint.features]);
    const x = sines(written.inputSpecs()[0]?.shape ?? []);
    expect(noGrad(() => written.forward(x)).toArray()).toEqual(noGrad(() => network.forward(x)).toArray());
  });

  it("casts the features of a half-precision backbone for the head", async () => {
    const network = importModel(fixture("half.onnx")).eval();
    network.cut("add_3_out");
    network.replaceHead(2);
    const { model } = importModel((await exportModel(network)).bytes);
    expect(model.graph.nodes.map(({ opType }) => opType)).toEqual(["Cast", "MatMul", "Add", "Cast", "Gemm"]);
    expect(model.graph.initializers.get("fc.weight")?.dtype).toBe("float16");
  });

  it("narrows what was trained of a half-precision backbone", async () => {
    const network = importModel(fixture("half.onnx")).eval();
    network.namedParameters().get("fc.bias")?.assign([0.1, 0.2, 0.3]);
    const { bytes, maxAbsError, changed } = await exportModel(network);
    expect(changed).toEqual(["fc.bias"]);
    expect(maxAbsError).toBeLessThan(1e-3);
    expect(importModel(bytes).model.graph.initializers.get("fc.bias")?.data()[0]).toBe(0.0999755859375);
  });

  it("writes the head that was trained a second time in place of the first", async () => {
    const first = importModel(fixture("squeezenet.onnx")).eval();
    first.replaceHead(4);
    const second = importModel((await exportModel(first)).bytes).eval();
    second.replaceHead(2, { seed: 5 });
    const { bytes, removed } = await exportModel(second);
    expect([...removed].sort()).toEqual(["head.bias", "head.weight"]);
    expect(importModel(bytes).namedParameters().get("head.weight")?.shape).toEqual([2, 12]);
  });

  it("writes changed initializers alone", async () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    network
      .namedParameters()
      .get("layer1.0.conv1.weight")
      ?.assign(new Float32Array(8 * 6 * 9).fill(0.01));
    network.namedBuffers().get("bn1.running_mean")?.assign(new Float32Array(6));
    const result = await exportModel(network);
    expect([...result.changed].sort()).toEqual(["bn1.running_mean", "layer1.0.conv1.weight"]);
    expect(result.bytes).toHaveLength(fixture("resnet.onnx").length);
    expect(result.maxAbsError).toBe(0);
  });

  it("writes heads of several layers, at the file's own operator set", async () => {
    for (const name of heads) {
      const network = importModel(fixture(name)).eval();
      const { features } = network.cutPoint;
      network.replaceHead(
        new Sequential(
          new LayerNorm(features),
          new Linear(features, 6),
          new GELU(),
          new Linear(6, 5),
          new ReLU6(),
          new Softmax(-1),
        ),
      );
      if (network.model.opset < 9)
        await expect(exportModel(network)).rejects.toThrow(/Erf exists from operator set 9 on/);
      else expect((await exportModel(network)).maxAbsError).toBeLessThan(1e-6);
    }
  });

  it("names the head apart from the backbone's nodes", async () => {
    const nodes = [{ opType: "Relu", name: "head/Gemm_0", input: ["x"], output: ["y"] }];
    const network = importModel(modelBytes({ nodes })).eval();
    network.replaceHead(2);
    const names = importModel((await exportModel(network)).bytes).model.graph.nodes.map(({ name }) => name);
    expect(names).toEqual(["head/Gemm_0", "head2/Gemm_0"]);
  });

  it("names the op of a head that has no operator", async () => {
    class Inverse extends Module {
      forward(x: Tensor): Tensor {
        return erfinv(x);
      }
    }
    const network = importModel(fixture("resnet.onnx"));
    network.replaceHead(new Inverse());
    await expect(exportModel(network)).rejects.toThrow(HeadExportError);
    await expect(exportModel(network)).rejects.toThrow(/op erfinv/);
  });

  it("refuses to return a file that computes something else", async () => {
    const network = importModel(fixture("resnet.onnx"));
    const exact = network.forward.bind(network);
    network.forward = (x) => exact(x.shape[0] === 2 ? sines(x.shape) : x);
    await expect(exportModel(network)).rejects.toThrow(ExportMismatchError);
  });

  it("leaves the module in the mode it was in", async () => {
    const network = importModel(fixture("resnet.onnx")).train();
    network.replaceHead(3);
    await exportModel(network);
    expect(network.training).toBe(true);
  });

  it.each([
    { opset: 13, attribute: [] },
    { opset: 17, attribute: [{ name: "training_mode", type: 2, i: 1 }] },
  ])("takes batch normalisation of opset $opset out of training mode", async ({ opset, attribute }) => {
    const ones = (name: string) => ({ name, dataType: 1, dims: [3], floatData: [1, 1.5, 2] });
    const names = ["scale", "shift", "mean", "var"];
    const nodes = [{ opType: "BatchNormalization", input: ["x", ...names], output: ["y", "m", "v"], attribute }];
    const network = importModel(modelBytes({ nodes, initializers: names.map(ones), opset })).eval();
    network.replaceHead(2);
    const { graph } = importModel((await exportModel(network)).bytes).model;
    expect(graph.nodes[0]).toMatchObject({ opType: "BatchNormalization", outputs: ["y"] });
    expect(graph.nodes[0]?.attributes.has("training_mode")).toBe(false);
  });
});

describe("exportFeatures", () => {
  it.each(heads)("ends %s at what a head is given", (name) => {
    const network = importModel(fixture(name)).eval();
    const written = importModel(exportFeatures(network)).eval();
    const x = sines(network.inputSpecs()[0]?.shape ?? []);
    expect(noGrad(() => written.forward(x)).toNested()).toEqual(noGrad(() => network.features(x)).toNested());
    const kept = [...written.model.graph.initializers.keys()];
    expect(kept).toEqual([...network.model.graph.initializers.keys()].filter((key) => kept.includes(key)));
  });
});
