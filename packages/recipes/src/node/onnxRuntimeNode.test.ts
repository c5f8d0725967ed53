import { readFileSync } from "node:fs";
import { importModel } from "@graftjs/onnx";
import { noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { OnnxRuntimeError, type OnnxRuntimePackage, ProviderError } from "../onnxRuntime.ts";
import { installedOnnxRuntime, onnxRuntimeEngine } from "./onnxRuntimeNode.ts";

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../fixtures/onnx/${name}`, import.meta.url));

const runtimes: readonly (readonly [OnnxRuntimePackage, string])[] = [
  ["onnxruntime-node", "cpu"],
  ["onnxruntime-web", "wasm"],
];
const cases = runtimes.flatMap(([name, provider]) =>
  ["mobilenet.onnx", "squeezenet.onnx", "resnet.onnx"].map((model) => [name, provider, model] as const),
);

describe("onnxRuntimeEngine", () => {
  it.each(cases)("%s (%s) computes what %s gives a head", async (name, provider, file) => {
    const model = importModel(fixture(file)).eval();
    const engine = await onnxRuntimeEngine(model, { package: name, threads: 1 });
    expect(engine.name).toMatch(new RegExp(`^${name} \\d+\\.\\d+.* \\(${provider}\\)$`));
    const shape = [2, ...(model.inputSpecs()[0]?.shape.slice(1) ?? [])];
    const inputs = Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i));
    const expected = noGrad(() => model.features(tensor(inputs, shape))).toArray();
    const got = await engine.features(inputs, shape);
    expect(got.length).toBe(expected.length);
    got.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i] as number, 5);
    });
  });

  it("takes the native package where both are installed", async () => {
    expect(await installedOnnxRuntime()).toBe("onnxruntime-node");
    expect((await onnxRuntimeEngine(importModel(fixture("lenet.onnx")))).name).toMatch(/^onnxruntime-node/);
  });

  it.each(runtimes)("%s says what it offers instead of a provider that it has not", async (name, provider) => {
    const model = importModel(fixture("lenet.onnx"));
    const failed = onnxRuntimeEngine(model, { package: name, provider: "webnn" });
    await expect(failed).rejects.toThrow(ProviderError);
    await expect(failed).rejects.toThrow(OnnxRuntimeError);
    await expect(failed).rejects.toMatchObject({ provider: "webnn", offered: expect.arrayContaining([provider]) });
    await expect(failed).rejects.toThrow(new RegExp(`${name} \\d.* offers ${provider}.* here, not webnn`));
  });
});
