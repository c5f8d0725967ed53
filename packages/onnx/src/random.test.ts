import { defaultGenerator } from "@graftjs/nn";
import { noGrad, referenceDevice } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes, sines } from "../test/fixtures.ts";
import { exportModel } from "./export.ts";
import { inspect } from "./inspect.ts";
import { importModel, type OnnxModule } from "./module.ts";

const weight = {
  name: "fc.weight",
  dataType: 1,
  dims: [3, 3],
  floatData: Array.from({ length: 9 }, (_, i) => Math.sin(i)),
};
const float = (name: string, value: number) => ({ name, dataType: 1, dims: [], floatData: [value] });
const bool = (name: string, value: number) => ({ name, dataType: 9, dims: [], int32Data: [value] });
const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
  opType,
  name: output,
  input,
  output: [output],
  attribute,
});

/** y = x·W·⌊keep + u⌋ / keep, as PyTorch's exporters write stochastic depth in training mode. */
const dropPath = (...attribute: object[]): Uint8Array =>
  modelBytes({
    nodes: [
      node("MatMul", ["x", "fc.weight"], "h"),
      node("RandomUniformLike", ["h"], "draw", attribute),
      node("Add", ["draw", "keep"], "sum"),
      node("Floor", ["sum"], "mask"),
      node("Mul", ["h", "mask"], "kept"),
      node("Div", ["kept", "keep"], "y"),
    ],
    initializers: [weight, float("keep", 0.5)],
    inputShape: [50, 3],
  });

const outputs = (network: OnnxModule): ArrayLike<number> => noGrad(() => network.forward(sines([50, 3]))).toArray();

const dropout = (mode: number): Uint8Array =>
  modelBytes({
    nodes: [node("MatMul", ["x", "fc.weight"], "h"), node("Dropout", ["h", "ratio", "mode"], "y")],
    initializers: [weight, float("ratio", 0.5), bool("mode", mode)],
    inputShape: [50, 3],
  });

describe("files that draw random numbers", () => {
  it("draw in evaluation too, which the report says", () => {
    const network = importModel(dropPath()).eval();
    expect(outputs(network)).not.toEqual(outputs(network));
    const finding = inspect(dropPath()).findings.find(({ topic }) => topic === "random numbers");
    expect(finding?.text).toMatch(
      /^1 node \(draw\) draws random numbers in evaluation as in training.* evaluation mode\.$/,
    );
  });

  it("are compared with the export on the same numbers, and leave the stream as it was", async () => {
    const network = importModel(dropPath());
    const before = [...defaultGenerator().state.toArray()];
    expect((await exportModel(network)).maxAbsError).toBe(0);
    expect((await exportModel(network, { device: referenceDevice })).maxAbsError).toBe(0);
    expect([...defaultGenerator().state.toArray()]).toEqual(before);
    network.getParameter("fc.weight").assign(Float32Array.from({ length: 9 }, (_, i) => Math.cos(i)));
    const { bytes, maxAbsError } = await exportModel(network);
    expect(maxAbsError).toBe(0);
    expect(importModel(bytes).getParameter("fc.weight").toArray()).toEqual(network.getParameter("fc.weight").toArray());
  });

  it("cannot be compared where nodes have seeds and have drawn before; the error names them", async () => {
    const network = importModel(dropPath({ name: "seed", type: 1, f: 3 })).eval();
    outputs(network);
    await expect(exportModel(network)).rejects.toThrow(
      /draws random numbers, in evaluation too \(draw\).*evaluation mode/,
    );
  });
});

describe("files with Dropout in training mode", () => {
  it("drop nothing in evaluation, and are written for evaluation", async () => {
    const network = importModel(dropout(1)).eval();
    expect(outputs(network)).toEqual(outputs(importModel(dropout(0)).eval()));
    expect(outputs(network.train())).not.toEqual(outputs(network.eval()));
    network.getParameter("fc.weight").assign(Float32Array.from({ length: 9 }, (_, i) => Math.cos(i)));
    const { bytes } = await exportModel(network);
    expect(inspect(bytes).findings.map(({ topic }) => topic)).not.toContain("training mode");
  });

  it("are told from others by the report", () => {
    const topics = (mode: number) => inspect(dropout(mode)).findings.map(({ topic }) => topic);
    expect(topics(1)).toContain("training mode");
    expect(topics(0)).not.toContain("training mode");
  });
});
