import { load } from "@graftjs/onnx";
import { noGrad, tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { ProviderError } from "./onnxRuntime.ts";
import { onnxRuntimeWebEngine } from "./onnxRuntimeWeb.ts";

const model = new URL("../../../fixtures/onnx/mobilenet.onnx", import.meta.url);
// Where the development server has it; the script with the rest of the package is elsewhere.
const wasm = new URL("../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jsep.wasm", import.meta.url).href;

test("onnxruntime-web computes what the model gives a head", async () => {
  const network = (await load(model)).eval();
  const engine = await onnxRuntimeWebEngine(network, { threads: 1, wasmPaths: { wasm } });
  expect(engine.name).toMatch(/^onnxruntime-web \d+\.\d+.* \(wasm\)$/);
  const shape = [2, ...(network.inputSpecs()[0]?.shape.slice(1) ?? [])];
  const inputs = Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i));
  const expected = noGrad(() => network.features(tensor(inputs, shape))).toArray();
  const got = await engine.features(inputs, shape);
  expect(got.length).toBe(expected.length);
  got.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i] as number, 5);
  });
});

test("a provider that browsers have not is refused", async () => {
  await expect(onnxRuntimeWebEngine(await load(model), { provider: "cuda" })).rejects.toThrow(ProviderError);
});
