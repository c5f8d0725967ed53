import { noGrad, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { fixture } from "../test/fixtures.ts";
import { InvalidModelError } from "./errors.ts";
import { exportModel } from "./export.ts";
import { importModel } from "./module.ts";

const contract = { divisor: 255, mean: [0.5, 0.25, 0.125], std: [0.5, 0.25, 1] };

describe("preprocessing in the file", () => {
  it.each(["uint8", "float32"] as const)("takes pixels of %s as they are", async (inputType) => {
    const network = importModel(fixture("resnet.onnx")).eval();
    network.replaceHead(3);
    const metadata = { "graft.preprocessing": JSON.stringify({ version: 1, ...contract }) };
    const { bytes, maxAbsError } = await exportModel(network, { preprocess: { ...contract, inputType }, metadata });
    expect(maxAbsError).toBeLessThan(1e-6);
    const written = importModel(bytes).eval();
    expect(written.input).toMatchObject({ name: "pixels", dtype: inputType, shape: ["N", 3, 16, 16] });
    const pixels = Int32Array.from({ length: 2 * 3 * 16 * 16 }, (_, i) => (i * 37) % 256);
    const plane = (i: number): number => Math.floor(i / 256) % 3;
    const normal = Float32Array.from(pixels, (p, i) => {
      const [mean, std] = [contract.mean[plane(i)] as number, contract.std[plane(i)] as number];
      return (p / 255 - mean) / std;
    });
    const shape = [2, 3, 16, 16];
    const given = tensor(inputType === "uint8" ? pixels : Float32Array.from(pixels), shape);
    const [got, expected] = noGrad(() => [written.forward(given), network.forward(tensor(normal, shape))]) as [
      ReturnType<typeof tensor>,
      ReturnType<typeof tensor>,
    ];
    for (const [i, value] of got.toArray().entries()) expect(value).toBeCloseTo(expected.toArray()[i] as number, 5);
    // The contract says now that pixels come as they are, and the normalisation is no parameter.
    expect(JSON.parse(written.model.metadata["graft.preprocessing"] ?? "")).toEqual({
      version: 1,
      divisor: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    expect([...written.namedParameters().keys()].sort()).toEqual([...network.namedParameters().keys()].sort());
    expect(written.weights.get("pixels/shift")?.role).toBe("constant");
  });

  it("keeps the network's bytes", async () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    const { bytes } = await exportModel(network, { preprocess: contract });
    const nodes = importModel(bytes).model.graph.nodes.map(({ opType }) => opType);
    expect(nodes).toEqual(["Cast", "Sub", "Div", ...network.model.graph.nodes.map(({ opType }) => opType)]);
  });

  it.each([
    ["another number of channels", { mean: [0], std: [1] }, {}, /1 means and 1 deviations are given for 3 channels/],
    ["another contract", {}, { "graft.preprocessing": '{"divisor":1}' }, /has the divisor 1, not 255/],
    ["a contract that is none", {}, { "graft.preprocessing": "{" }, /is no JSON/],
    ["a name that is taken", { inputName: "fc.bias" }, {}, /has a value "fc.bias"/],
  ])("refuses %s", async (_, change, metadata, message) => {
    const network = importModel(fixture("resnet.onnx")).eval();
    const exporting = exportModel(network, { preprocess: { ...contract, ...change }, metadata });
    await expect(exporting).rejects.toThrow(InvalidModelError);
    await expect(exporting).rejects.toThrow(message);
  });
});
