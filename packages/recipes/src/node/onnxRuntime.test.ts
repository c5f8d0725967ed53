import { readFileSync } from "node:fs";
import { importModel } from "@graftjs/onnx";
import { noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { OnnxRuntimeError, onnxRuntimeEngine } from "./onnxRuntime.ts";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../fixtures/onnx/${name}`, import.meta.url));

describe("onnxRuntimeEngine", () => {
  it.each(["mobilenet.onnx", "squeezenet.onnx", "resnet.onnx"])("computes what %s gives a head", async (name) => {
    const model = importModel(fixture(name)).eval();
    const engine = await onnxRuntimeEngine(model, { threads: 1 });
    expect(engine.name).toMatch(/^onnxruntime-node \d+\.\d+.* \(cpu\)$/);
    const shape = [2, ...(model.inputSpecs()[0]?.shape.slice(1) ?? [])];
    const inputs = Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i));
    const expected = noGrad(() => model.features(tensor(inputs, shape))).toArray();
    const got = await engine.features(inputs, shape);
    expect(got.length).toBe(expected.length);
    got.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i] as number, 5);
    });
  });

  it("says so when a provider is not to be had", async () => {
    const model = importModel(fixture("lenet.onnx"));
    await expect(onnxRuntimeEngine(model, { provider: "coreml" })).rejects.toThrow(OnnxRuntimeError);
  });
});
