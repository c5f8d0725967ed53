import { Linear, Module } from "@graftjs/nn";
import { mean, mul, noGrad, select, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes, sines } from "../test/fixtures.ts";
import { CutError, HeadExportError } from "./errors.ts";
import { exportFeatures, exportModel } from "./export.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { proto } from "./proto.ts";

/** An encoder of tokens [N, L, 3], with an open length where `length` is left out. */
function encoder(opset: number, length?: number): OnnxModule {
  const bytes = modelBytes({
    opset,
    inputs: [{ name: "x", shape: [2, length ?? 0, 3] }],
    nodes: [
      { opType: "MatMul", input: ["x", "w"], output: ["h"] },
      { opType: "Relu", input: ["h"], output: ["tokens"] },
    ],
    initializers: [{ name: "w", dataType: 1, dims: [3, 3], floatData: [1, 2, 3, 4, -5, 6, 7, 8, 10] }],
  });
  return importModel(bytes).eval();
}

const x: Tensor = sines([2, 5, 3]);
const values = (fn: () => Tensor): unknown => noGrad(fn).toNested();

describe("tokens", () => {
  it("ask how they are to be pooled", () => {
    expect(() => encoder(17).cutPoint).toThrow(CutError);
    expect(() => encoder(17).cut("tokens")).toThrow(/cut\("tokens", \{ pool: "mean" \}\)/);
  });

  it("are averaged, represented by the first, or handed on", () => {
    const network = encoder(17);
    const tokens = noGrad(() => network.forward(x));
    expect(network.cut("tokens", { pool: "mean" })).toMatchObject({ features: 3, kind: "tokens", pool: "mean" });
    expect(values(() => network.features(x))).toEqual(values(() => mean(tokens, { axes: [1] })));
    network.cut("tokens", { pool: "first" });
    expect(values(() => network.features(x))).toEqual(values(() => select(tokens, 1, 0)));
    network.cut("tokens", { pool: "none" });
    expect(values(() => network.features(x))).toEqual(tokens.toNested());
  });

  it.each([
    [13, "mean"],
    [18, "mean"],
    [17, "first"],
    [17, "none"],
  ] as const)("get a head that is written at operator set %i: %s", async (opset, pool) => {
    for (const network of [encoder(opset), encoder(opset, 5)]) {
      network.cut("tokens", { pool });
      network.replaceHead(4);
      const { bytes, maxAbsError } = await exportModel(network);
      expect(maxAbsError).toBeLessThan(1e-6);
      const written = importModel(bytes).eval();
      expect(values(() => written.forward(x))).toEqual(values(() => network.forward(x)));
      const length = network.input.shape?.[1];
      expect(written.model.graph.outputs[0]?.shape).toEqual(pool === "none" ? [2, length, 4] : [2, 4]);
      const features = importModel(exportFeatures(network)).eval();
      expect(values(() => features.forward(x))).toEqual(values(() => network.features(x)));
    }
  });

  it("do not take a head that counts them where their number is open", async () => {
    class Counting extends Module {
      readonly linear = new Linear(3, 2);
      forward(tokens: Tensor): Tensor {
        const [, length = 1] = tokens.shape;
        return mul(this.linear.forward(select(tokens, 1, 0)), length);
      }
    }
    const network = encoder(17);
    network.cut("tokens", { pool: "none" });
    network.replaceHead(new Counting());
    await expect(exportModel(network)).rejects.toThrow(HeadExportError);
    const fixed = encoder(17, 8);
    fixed.cut("tokens", { pool: "none" });
    fixed.replaceHead(new Counting());
    expect((await exportModel(fixed)).maxAbsError).toBeLessThan(1e-6);
  });
});

describe("run", () => {
  const names = ["scale", "shift", "mean", "var"];
  const bytes = proto.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 15 }],
    graph: {
      name: "test",
      input: [{ name: "x", type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }, { dimValue: 3 }] } } } }],
      output: ["y", "m", "v", "d", "kept"].map((name) => ({ name, type: { tensorType: { elemType: 1 } } })),
      initializer: [
        ...names.map((name) => ({ name, dataType: 1, dims: [3], floatData: [1, 1.5, 2] })),
        { name: "half", dataType: 1, dims: [], floatData: [0.5] },
        { name: "on", dataType: 9, dims: [], int32Data: [1] },
      ],
      node: [
        {
          opType: "BatchNormalization",
          input: ["x", ...names],
          output: ["y", "m", "v"],
          attribute: [{ name: "training_mode", type: 2, i: 1 }],
        },
        { opType: "Dropout", input: ["x", "half", "on"], output: ["d", "kept"] },
      ],
    },
  }).finish();
  const input = sines([2, 3]);
  const column = (i: number): [number, number] => [input.toArray()[i] as number, input.toArray()[i + 3] as number];

  it("gives all outputs by name, in evaluation mode those of PyTorch", () => {
    const outputs = noGrad(() => importModel(bytes).eval().run([input]));
    expect([...outputs.keys()]).toEqual(["y", "m", "v", "d", "kept"]);
    expect(outputs.get("m")?.toArray()).toEqual(Float32Array.of(1, 1.5, 2));
    expect(outputs.get("d")?.toArray()).toEqual(input.toArray());
    expect(outputs.get("kept")?.toArray()).toEqual(new Uint8Array(6).fill(1));
  });

  it("does as the file says, by the specification: biased variance, dropout, and buffers as they were", () => {
    const network = importModel(bytes).eval();
    const outputs = noGrad(() => network.run([input], { bySpecification: true }));
    [1, 1.5, 2].forEach((old, i) => {
      const [a, b] = column(i);
      expect(outputs.get("m")?.toArray()[i]).toBeCloseTo(0.9 * old + 0.1 * ((a + b) / 2), 6);
      expect(outputs.get("v")?.toArray()[i]).toBeCloseTo(0.9 * old + 0.1 * ((a - b) / 2) ** 2, 6);
    });
    const kept = outputs.get("kept")?.toArray() ?? [];
    for (const [i, value] of (outputs.get("d")?.toArray() ?? []).entries())
      expect(value).toBeCloseTo(kept[i] ? 2 * (input.toArray()[i] as number) : 0, 6);
    expect(network.namedBuffers().get("mean")?.toArray()).toEqual(Float32Array.of(1, 1.5, 2));
  });

  it("moves the running statistics by the unbiased variance in training", () => {
    const network = importModel(bytes).train();
    noGrad(() => network.run([input]));
    const [a, b] = column(0);
    expect(network.namedBuffers().get("var")?.toArray()[0]).toBeCloseTo(0.9 + 0.1 * 2 * ((a - b) / 2) ** 2, 6);
  });
});
