import { describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { int64, node } from "../test/graphs.ts";
import { InvalidModelError, NodeError, UnsupportedModelError } from "./errors.ts";
import { limits } from "./graph.ts";
import { inspect } from "./inspect.ts";
import { readModel } from "./model.ts";
import { importModel } from "./module.ts";
import { proto } from "./proto.ts";
import { concatBytes, encodeBytesField, encodeVarint, fields } from "./wire.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Fields of GraphProto. */
const [NODE, INITIALIZER, VALUE_INFO] = [1, 5, 13];

/** A model of one Relu, with more in its graph. */
function withFields(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = modelBytes({ nodes: [node("Relu", ["x"], "y")], output: "y" });
  return concatBytes(
    [...fields(bytes)].map(({ number, start, valueStart, end }) =>
      number === 7 ? encodeBytesField(7, bytes.subarray(valueStart, end), ...parts) : bytes.subarray(start, end),
    ),
  );
}

/** `count` times the same bytes. */
function repeated(bytes: Uint8Array, count: number): Uint8Array {
  const all = new Uint8Array(bytes.length * count);
  for (let i = 0; i < count; i++) all.set(bytes, i * bytes.length);
  return all;
}

const tensorOf = (...parts: readonly Uint8Array[]): Uint8Array =>
  encodeBytesField(INITIALIZER, encodeBytesField(8, text("w")), Uint8Array.of(2 * 8, 1), ...parts);

describe("what a few bytes may ask for", () => {
  it.each([
    ["nodes", encodeBytesField(NODE)],
    ["declarations", encodeBytesField(VALUE_INFO)],
  ])("is no flood of empty %s", (_, one) => {
    expect(() => readModel(withFields(repeated(one, limits.items)))).toThrow(UnsupportedModelError);
  });

  it("is no flood of fields in one node", () => {
    const flooded = encodeBytesField(NODE, repeated(encodeBytesField(5), limits.fields));
    expect(() => readModel(withFields(flooded))).toThrow(/more than \d+ fields/);
    const wide = encodeBytesField(NODE, repeated(encodeBytesField(1, text("x")), 20_000));
    expect(() => readModel(withFields(wide))).toThrow(/more than \d+ inputs and outputs/);
  });

  it("is no tensor of countless axes or entries, and no declaration of megabytes", () => {
    const axes = tensorOf(encodeBytesField(1, new Uint8Array(5000).fill(1)));
    expect(() => readModel(withFields(axes))).toThrow(InvalidModelError);
    const entries = tensorOf(repeated(encodeBytesField(13), 100), Uint8Array.of(14 * 8, 1));
    expect(() => readModel(withFields(entries))).toThrow(/more than \d+ entries/);
    const declaration = encodeBytesField(VALUE_INFO, encodeBytesField(1, new Uint8Array(2 ** 20)));
    expect(() => readModel(withFields(declaration))).toThrow(InvalidModelError);
  });

  it("leaves lists of megabytes in attributes unread, and says so of the node", () => {
    const attribute = encodeBytesField(5, encodeBytesField(1, text("axes")), encodeBytesField(8, new Uint8Array(5e6)));
    const squeeze = encodeBytesField(
      NODE,
      encodeBytesField(2, text("z")),
      encodeBytesField(4, text("Squeeze")),
      attribute,
    );
    const { unsupported } = inspect(withFields(squeeze));
    expect(unsupported).toMatchObject([{ opType: "Squeeze" }]);
  });

  it("is not more constants than there is room for", () => {
    const sizes = int64("sizes", [2 ** 22]);
    const filled = Array.from({ length: 10 }, (_, i) =>
      node("ConstantOfShape", ["sizes"], `c${i}`, {
        name: "value",
        type: 4,
        t: { dataType: 7, dims: [1], int64Data: [i] },
      }),
    );
    const nodes = [
      sizes,
      ...filled,
      node(
        "Sum",
        filled.map((_, i) => `c${i}`),
        "s",
      ),
      node("Shape", ["s"], "n"),
    ];
    const bytes = modelBytes({ nodes: [...nodes, node("Expand", ["x", "n"], "y")], output: "y" });
    expect(() => importModel(bytes)).toThrow(NodeError);
    expect(() => importModel(bytes)).toThrow(/elements together/);
  });

  it("doubles constants only as far as they are sizes", () => {
    const doubled = Array.from({ length: 40 }, (_, i) =>
      node("Concat", [`d${i}`, `d${i}`], `d${i + 1}`, { name: "axis", type: 2, i: 0 }),
    );
    const picked = node("Gather", ["d40", "place"], "z");
    const nodes = [
      int64("d0", [1, 2]),
      int64("place", 0),
      ...doubled,
      picked,
      node("Cast", ["z"], "f", { name: "to", type: 2, i: 1 }),
    ];
    const network = importModel(modelBytes({ nodes: [...nodes, node("Add", ["x", "f"], "y")], output: "y" }));
    expect(network.shapes.get("d40")).toEqual([2 ** 41]);
  });
});

describe("elements in typed lists", () => {
  const dataOf = (dataType: number, ...parts: readonly Uint8Array[]) =>
    readModel(
      withFields(
        encodeBytesField(INITIALIZER, encodeBytesField(8, text("w")), Uint8Array.of(2 * 8, dataType), ...parts),
      ),
    )
      .graph.initializers.get("w")
      ?.data();
  const dims = (n: number): Uint8Array => Uint8Array.of(1 * 8, n);

  it("are read packed, one by one, and mixed", () => {
    const one = new Uint8Array(new Float32Array([1.5]).buffer);
    const two = new Uint8Array(new Float32Array([-2, 0.25]).buffer);
    const single = concatBytes([Uint8Array.of(4 * 8 + 5), one]);
    expect(dataOf(1, dims(4), single, encodeBytesField(4, two), single)).toEqual(Float32Array.of(1.5, -2, 0.25, 1.5));
  });

  it("are integers of 64 bits without loss, and of 32 bits with their sign", () => {
    const values = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 28n, -(2n ** 35n), 2n ** 32n + 5n];
    const varint = (value: bigint): Uint8Array => {
      const out: number[] = [];
      let rest = BigInt.asUintN(64, value);
      for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
      return Uint8Array.of(...out, Number(rest));
    };
    const packed = concatBytes(values.map(varint));
    expect(dataOf(7, dims(7), encodeBytesField(7, packed))).toEqual(BigInt64Array.from(values));
    expect(dataOf(13, dims(7), encodeBytesField(11, packed))).toEqual(BigUint64Array.from(values));
    const small = concatBytes([-1n, 5n, -(2n ** 31n)].map(varint));
    expect(dataOf(6, dims(3), encodeBytesField(5, small))).toEqual(Int32Array.of(-1, 5, -(2 ** 31)));
    expect(dataOf(3, dims(2), encodeBytesField(5, concatBytes([varint(-1n), varint(7n)])))).toEqual(
      Int8Array.of(-1, 7),
    );
  });

  it("are no numbers that end too early, nor of another wire type", () => {
    expect(() => dataOf(7, dims(1), encodeBytesField(7, Uint8Array.of(0x80)))).toThrow(InvalidModelError);
    expect(() => dataOf(1, dims(1), encodeBytesField(4, new Uint8Array(3)))).toThrow(InvalidModelError);
    expect(() => dataOf(1, dims(1), Uint8Array.of(4 * 8, 1))).toThrow(/wrong type/);
    expect(() => dataOf(1, encodeVarint(1 * 8 + 5), new Uint8Array(4))).toThrow(/wrong type/);
  });

  it("are what the schema's own encoder wrote", () => {
    const tensor = proto.TensorProto.encode({ name: "w", dataType: 11, dims: [2], doubleData: [1 / 3, -0] }).finish();
    expect(
      readModel(withFields(encodeBytesField(INITIALIZER, tensor)))
        .graph.initializers.get("w")
        ?.data(),
    ).toEqual(Float64Array.of(1 / 3, -0));
  });
});
