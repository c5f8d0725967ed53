import { describe, expect, it } from "vitest";
import { fixture, fixtureNames } from "../test/fixtures.ts";
import { InvalidModelError } from "./errors.ts";
import { readModel } from "./model.ts";
import { splice } from "./splice.ts";
import { concatBytes, encodeBytesField, encodeVarint, fields } from "./wire.ts";

/** The bytes of each field of the graph, as hexadecimal text. */
function graphFields(bytes: Uint8Array, number: number): string[] {
  const graph = [...fields(bytes)].find((field) => field.number === 7) as { valueStart: number; end: number };
  const inner = bytes.subarray(graph.valueStart, graph.end);
  return [...fields(inner)]
    .filter((field) => field.number === number)
    .map(({ start, end }) => Buffer.from(inner.subarray(start, end)).toString("hex"));
}

describe("splice", () => {
  it.each(fixtureNames)("gives %s back byte for byte where nothing is edited", (name) => {
    const model = readModel(fixture(name));
    expect(splice(model, {})).toEqual(model.bytes);
    expect(splice(model, { removeNodes: new Set() })).toEqual(model.bytes);
  });

  it("keeps fields that no schema knows, in the model and in the graph", () => {
    const bytes = fixture("resnet.onnx");
    const unknown = concatBytes([encodeVarint(4000 * 8), encodeVarint(77)]);
    const parts = [...fields(bytes)].map(({ number, start, valueStart, end }) =>
      number === 7
        ? encodeBytesField(7, unknown, bytes.subarray(valueStart, end), unknown)
        : bytes.subarray(start, end),
    );
    const strange = concatBytes([unknown, ...parts, unknown]);
    expect(splice(readModel(strange), { removeNodes: new Set() })).toEqual(strange);
    const edited = splice(readModel(strange), { replaceInitializers: new Map([["fc.bias", new Float32Array(5)]]) });
    expect(edited).toHaveLength(strange.length);
    expect(graphFields(edited, 4000)).toHaveLength(2);
  });

  it("replaces elements of one initializer and leaves the others' bytes", () => {
    const model = readModel(fixture("resnet.onnx"));
    const edited = splice(model, { replaceInitializers: new Map([["fc.bias", Float32Array.of(1, 2, 3, 4, 5)]]) });
    const [before, after] = [graphFields(model.bytes, 5), graphFields(edited, 5)];
    expect(after.filter((hex, i) => hex !== before[i])).toHaveLength(1);
    expect(readModel(edited).graph.initializers.get("fc.bias")?.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5));
    expect(graphFields(edited, 1)).toEqual(graphFields(model.bytes, 1));
  });

  it("writes raw data where there was typed data, and keeps the element type", () => {
    const typed = readModel(
      splice(readModel(fixture("lenet.onnx")), {
        replaceInitializers: new Map([["Parameter6", Float32Array.of(1, 2, 3, 4)]]),
      }),
    );
    expect(typed.graph.initializers.get("Parameter6")?.data()).toEqual(Float32Array.of(1, 2, 3, 4));
    const half = readModel(
      splice(readModel(fixture("half.onnx")), {
        replaceInitializers: new Map([["fc.bias", Float32Array.of(1, 0.1, 3)]]),
      }),
    );
    expect(half.graph.initializers.get("fc.bias")?.dtype).toBe("float16");
    expect(half.graph.initializers.get("fc.bias")?.data()).toEqual(Float32Array.of(1, 0.0999755859375, 3));
  });

  it("sets metadata by key and keeps the rest", () => {
    const edited = readModel(splice(readModel(fixture("lenet.onnx")), { metadata: { "graft.labels": '["ä"]' } }));
    expect(edited.metadata).toEqual({ note: "kept", "graft.labels": '["ä"]' });
    const again = readModel(splice(edited, { metadata: { "graft.labels": "[]" } }));
    expect(again.metadata).toEqual({ note: "kept", "graft.labels": "[]" });
  });

  it("lists added initializers among the inputs in files that ask for it", () => {
    const addInitializers = [{ name: "new", dims: [2], dtype: "float32", data: [1, 2] }] as const;
    expect(graphFields(splice(readModel(fixture("lenet.onnx")), { addInitializers }), 11)).toHaveLength(8);
    expect(graphFields(splice(readModel(fixture("resnet.onnx")), { addInitializers }), 11)).toHaveLength(1);
  });

  it("refuses to replace what is not there, or by another number of elements", () => {
    const model = readModel(fixture("resnet.onnx"));
    expect(() => splice(model, { replaceInitializers: new Map([["nothing", new Float32Array(1)]]) })).toThrow(
      InvalidModelError,
    );
    expect(() => splice(model, { replaceInitializers: new Map([["fc.bias", new Float32Array(4)]]) })).toThrow(
      /5 elements/,
    );
  });
});
