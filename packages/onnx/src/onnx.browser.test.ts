import { noGrad, tensor } from "@graftjs/tensor";
import { expect, it } from "vitest";
import { exportModel } from "./export.ts";
import { load } from "./load.ts";

it("loads a model from a URL, runs it, and writes it with a new head", async () => {
  const answers = await fetch(new URL("../../../fixtures/onnx/expected.json", import.meta.url));
  const { output } = ((await answers.json()) as Record<string, { output: number[] }>)["resnet.onnx"] ?? { output: [] };
  const network = (await load(new URL("../../../fixtures/onnx/resnet.onnx", import.meta.url))).eval();
  const x = tensor(
    Float32Array.from({ length: 2 * 3 * 16 * 16 }, (_, i) => Math.sin(i)),
    [2, 3, 16, 16],
  );
  const y = noGrad(() => network.forward(x)).toArray();
  expect(output).toHaveLength(y.length);
  for (const [i, value] of output.entries()) expect(Math.abs(value - (y[i] as number))).toBeLessThan(2e-5);
  network.replaceHead(3);
  const { bytes, maxAbsError } = await exportModel(network);
  expect(maxAbsError).toBeLessThan(1e-6);
  const again = await load(new Blob([bytes]));
  expect(again.namedParameters().get("head.weight")?.shape).toEqual([3, 8]);
});
