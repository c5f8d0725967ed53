import { describe, expect, it } from "vitest";
import { fixture, fixtureNames, modelBytes } from "../test/fixtures.ts";
import { InvalidModelError, NotOnnxError, OnnxError, TruncatedModelError } from "./errors.ts";
import { readModel } from "./model.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("readModel", () => {
  it("describes a model", () => {
    const model = readModel(fixture("lenet.onnx"));
    expect(model).toMatchObject({ irVersion: 3, opset: 7, producer: "make.py", metadata: { note: "kept" } });
    expect(model.graph.inputs).toEqual([{ name: "input", dtype: "float32", shape: [1, 1, 16, 16] }]);
    expect(model.graph.outputs).toEqual([{ name: "add_8_out", dtype: "float32", shape: [1, 10] }]);
    expect(model.graph.nodes[1]).toMatchObject({
      opType: "Conv",
      inputs: ["input", "Parameter5"],
      outputs: ["conv_2_out"],
    });
    expect(model.graph.nodes[1]?.attributes.get("auto_pad")).toEqual({ type: "string", value: "SAME_UPPER" });
    expect(model.graph.initializers.get("flat_shape")?.data()).toEqual(BigInt64Array.of(1n, 64n));
    expect(model.graph.initializers.get("Parameter5")?.data()).toHaveLength(100);
  });

  it("names symbolic dimensions", () => {
    expect(readModel(fixture("resnet.onnx")).graph.inputs[0]?.shape).toEqual(["N", 3, 16, 16]);
  });

  it.each([
    ["text", text("not a model"), /text/],
    ["nothing", new Uint8Array(), /empty/],
    ["a Git LFS pointer", text("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"), /git lfs pull/],
    ["a zip archive", text("PK\x03\x04\x14\0\0\0\0\0\0\0"), /PyTorch/],
    ["safetensors", Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22), /safetensors/],
    ["other bytes", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70), /message/],
  ])("says that %s is no ONNX model", (_, bytes, message) => {
    expect(() => readModel(bytes)).toThrow(NotOnnxError);
    expect(() => readModel(bytes)).toThrow(message);
  });

  it.each(fixtureNames)("refuses every beginning of %s", (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length += length < 64 ? 1 : 37) {
      expect(() => readModel(bytes.subarray(0, length)), `${length} bytes`).toThrow(OnnxError);
    }
    expect(() => readModel(bytes.subarray(0, bytes.length >> 1))).toThrow(TruncatedModelError);
  });

  it("refuses models that name no operator set", () => {
    expect(() => readModel(modelBytes({ opsetImport: [] }))).toThrow(InvalidModelError);
  });

  it("refuses values that are made twice, or read before they are made", () => {
    const node = (input: string, output: string) => ({ opType: "Relu", input: [input], output: [output] });
    expect(() => readModel(modelBytes({ nodes: [node("nowhere", "y")] }))).toThrow(/"nowhere" is not made before it/);
    expect(() => readModel(modelBytes({ nodes: [node("x", "y"), node("x", "y")] }))).toThrow(/"y" is made twice/);
  });

  it("refuses tensors whose data does not fit their shape", () => {
    const initializer = (dims: number[]) => [{ name: "w", dataType: 1, dims, rawData: new Uint8Array(16) }];
    expect(() => readModel(modelBytes({ initializers: initializer([5]) }))).toThrow(
      /needs 20 bytes, its data has 16 bytes/,
    );
    expect(() => readModel(modelBytes({ initializers: initializer([-1]) }))).toThrow(/not possible/);
    expect(() => readModel(modelBytes({ initializers: initializer([2 ** 30, 2 ** 30, 2 ** 30]) }))).toThrow(
      /not possible/,
    );
  });
});
