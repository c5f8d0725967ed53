import { describe, expect, it } from "vitest";
import { fixture, modelBytes } from "../test/fixtures.ts";
import { importModel } from "./module.ts";
import { decode, proto } from "./proto.ts";

/** A model that flattens x, [1, 2, 3], with a declared type and shape of the result. */
function declaring(elemType: number, dim: readonly object[]): Uint8Array {
  const model = decode(
    "model",
    proto.ModelProto,
    modelBytes({
      nodes: [
        { opType: "Flatten", input: ["x"], output: ["flat"] },
        { opType: "Relu", input: ["flat"], output: ["y"] },
      ],
      inputShape: [1, 2, 3],
    }),
  );
  model.graph?.valueInfo?.push({ name: "flat", type: { tensorType: { elemType, shape: { dim: [...dim] } } } });
  return proto.ModelProto.encode(model).finish();
}

describe("contradictions", () => {
  it("are what a file declares and does not compute", () => {
    const declared = (elemType: number, ...dim: object[]) => importModel(declaring(elemType, dim)).contradictions;
    expect(declared(1, { dimValue: 1 }, { dimValue: 6 })).toEqual([]);
    expect(declared(1, { dimParam: "N" }, {})).toEqual([]);
    expect(declared(1, { dimValue: 1 }, { dimValue: 7 })).toEqual([
      { value: "flat", declared: "float32 [1, 7]", computed: "float32 [1, 6]" },
    ]);
    expect(declared(7, { dimParam: "N" })).toEqual([
      { value: "flat", declared: "int64 [N]", computed: "float32 [1, 6]" },
    ]);
  });

  it.each(["resnet.onnx", "mobilenet.onnx", "squeezenet.onnx", "lenet.onnx"])("are not in %s", (name) => {
    expect(importModel(fixture(name)).contradictions).toEqual([]);
  });
});
