import { mul } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { ExportMismatchError } from "./errors.ts";
import { exportModel } from "./export.ts";
import { importModel, type OnnxModule } from "./module.ts";

/** y = x·W + b, where b takes one element out, as a mask does. */
function masked(): OnnxModule {
  const weight = Array.from({ length: 9 }, (_, i) => Math.sin(i));
  return importModel(
    modelBytes({
      nodes: [
        { opType: "MatMul", input: ["x", "weight"], output: ["h"] },
        { opType: "Add", input: ["h", "mask"], output: ["y"] },
      ],
      initializers: [
        { name: "weight", dataType: 1, dims: [3, 3], floatData: weight },
        { name: "mask", dataType: 1, dims: [3], floatData: [0, Number.NEGATIVE_INFINITY, 0] },
      ],
    }),
  ).eval();
}

describe("the check of an export", () => {
  it("compares what is finite where some outputs are not", async () => {
    expect((await exportModel(masked())).maxAbsError).toBe(0);
    const network = masked();
    const exact = network.forward.bind(network);
    network.forward = (x) => mul(exact(x), 1.001);
    await expect(exportModel(network)).rejects.toThrow(ExportMismatchError);
  });

  it("asks for the same infinities and NaN on both sides", async () => {
    const network = masked();
    const exact = network.forward.bind(network);
    network.forward = (x) => mul(exact(x), -1);
    await expect(exportModel(network, { tolerance: 100 })).rejects.toThrow(/by Infinity/);
  });

  it("refuses a module none of whose outputs is finite, for that reason", async () => {
    const network = masked();
    network.getParameter("weight").assign(new Float32Array(9).fill(Number.NaN));
    await expect(exportModel(network)).rejects.toThrow(/No output of the module itself is finite/);
  });
});
