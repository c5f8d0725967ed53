import { Buffer } from "node:buffer";
import { type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { readSafetensors, SafetensorsError, writeSafetensors } from "../index.ts";

/** A file of any header and data. */
function file(header: unknown, data: ArrayBufferLike | number = 0, headerLength?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const body = typeof data === "number" ? new Uint8Array(data) : new Uint8Array(data);
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

const one = (dtype: string, data: ArrayBufferLike, shape: number[]): Uint8Array =>
  file({ x: { dtype, shape, data_offsets: [0, data.byteLength] } }, data);

describe("what is written is read", () => {
  const tensors: Record<string, Tensor> = {
    flags: tensor(Uint8Array.of(1, 0, 1), [3]),
    "layer.0.weight": tensor([1, -2.5, 3e-20, Number.POSITIVE_INFINITY], [2, 2]),
    steps: tensor([7], [], { dtype: "int32" }),
    none: tensor([], [0, 3]),
    __proto__x: tensor([1], [1]),
  };

  test.each([
    ["a Uint8Array", (b: Uint8Array<ArrayBuffer>) => b],
    [
      "a part of a larger buffer",
      (b: Uint8Array<ArrayBuffer>) => Buffer.concat([Buffer.alloc(3), b, Buffer.alloc(5)]).subarray(3, 3 + b.length),
    ],
  ])("from %s", async (_, place) => {
    const read = readSafetensors(place(await writeSafetensors(tensors, { format: "pt", note: "ü" })));
    expect(read.metadata).toEqual({ format: "pt", note: "ü" });
    expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, t] of Object.entries(tensors)) {
      expect([read.tensors[name]?.dtype, read.tensors[name]?.shape]).toEqual([t.dtype, t.shape]);
      expect(read.tensors[name]?.toArray()).toEqual(t.toArray());
    }
  });

  test("data is aligned, metadata optional, the reserved name refused", async () => {
    const bytes = await writeSafetensors({ a: tensor(Uint8Array.of(1), [1]), b: tensor([1], [1]) });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
    expect(readSafetensors(bytes).metadata).toEqual({});
    await expect(writeSafetensors({ __metadata__: tensor([1]) })).rejects.toThrow(SafetensorsError);
  });
});

describe("number formats", () => {
  test.each([
    [
      "F16",
      Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7c00, 0x8000, 0x3555),
      [1, -2.5, 2 ** -24, Number.POSITIVE_INFINITY, -0, 0.333251953125],
    ],
    ["BF16", Uint16Array.of(0x3f80, 0xc020, 0x7f80), [1, -2.5, Number.POSITIVE_INFINITY]],
    ["F64", Float64Array.of(0.5, -3), [0.5, -3]],
    ["I64", BigInt64Array.of(5n, -7n), [5, -7]],
    ["I16", Int16Array.of(-5), [-5]],
    ["I8", Int8Array.of(-5), [-5]],
    ["U8", Uint8Array.of(200), [200]],
    ["BOOL", Uint8Array.of(0, 1), [0, 1]],
  ] as const)("%s", (dtype, data, values) => {
    const { x } = readSafetensors(one(dtype, data.buffer, [data.length])).tensors;
    expect([...(x as Tensor).toArray()]).toEqual(values);
  });

  test("NaN of half precision", () => {
    expect(readSafetensors(one("F16", Uint16Array.of(0x7e00).buffer, [1])).tensors.x?.item()).toBeNaN();
  });

  test("int64 that does not fit is refused", () => {
    expect(() => readSafetensors(one("I64", BigInt64Array.of(2n ** 40n).buffer, [1]))).toThrow("x to fit into int32");
  });
});

describe("files that cannot be trusted", () => {
  const f32 = (shape: unknown, data_offsets: unknown, rest: object = {}) =>
    file({ x: { dtype: "F32", shape, data_offsets }, ...rest }, 8);
  test.each([
    ["too short", new Uint8Array(7), "at least 8 bytes"],
    ["a header longer than the file", file({}, 0, 1000), "a header inside of the file"],
    ["a header of 2^60 bytes", file({}, 0, 2 ** 60), "a header inside of the file"],
    ["no JSON", file("{x"), "a header in JSON"],
    ["no UTF-8", file("{}").fill(0xff, 8), "a header in JSON"],
    ["an array", file([]), "a JSON object"],
    ["null", file("null"), "a JSON object"],
    ["an entry that is no object", file({ x: 5 }), "x to have dtype, shape and two data_offsets"],
    ["negative sizes", f32([-2], [0, 8]), "x to have dtype, shape"],
    ["fractions", f32([1.5], [0, 8]), "x to have dtype, shape"],
    ["three offsets", f32([2], [0, 4, 8]), "x to have dtype, shape"],
    ["offsets that do not fit the shape", f32([3], [0, 8]), "to take 12 bytes"],
    ["offsets backwards", f32([2], [8, 0]), "to take 8 bytes"],
    ["a size that overflows", f32([2 ** 40, 2 ** 40], [0, 8]), "bytes, got offsets"],
    ["offsets beyond the file", f32([4], [0, 16]), "16 bytes of tensors, got 8"],
    ["a gap", f32([1], [4, 8]), "x to start at byte 0"],
    ["an overlap", f32([2], [0, 8], { y: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }), "y to start at byte 8"],
    ["bytes left over", f32([1], [0, 4]), "4 bytes of tensors, got 8"],
    ["an unknown type", file({ x: { dtype: "F8_E4M3", shape: [1], data_offsets: [0, 1] } }, 1), "one of the types"],
    [
      "a type named as a method",
      file({ x: { dtype: "toString", shape: [1], data_offsets: [0, 1] } }, 1),
      "one of the types",
    ],
    ["a name twice", file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0078":{}}', 4), "each name once"],
    [
      "a field twice",
      file('{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      "each name once",
    ],
    ["deep nesting", file("[".repeat(1e5)), "at most 4 levels"],
    ["strings that never end", file('"\\'.repeat(1e5)), "a header in JSON"],
    ["65 axes", f32(Array(65).fill(1), [0, 4]), "at most 64 axes"],
    ["sizes whose product is no number", f32([...Array(40).fill(2 ** 53 - 1), 0], [0, 0]), "bytes, got offsets"],
    [
      "sizes beyond 2^53",
      file('{"x":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}', 4),
      "x to have dtype",
    ],
    ["metadata that is an array", file({ __metadata__: ["a"] }), "__metadata__"],
    ["metadata that is no record of strings", file({ __metadata__: { a: 1 } }), "__metadata__"],
  ])("%s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test("a string may be as long as the header", () => {
    const note = "b".repeat(2 ** 23);
    expect(readSafetensors(file({ __metadata__: { note } })).metadata.note?.length).toBe(note.length);
  });

  test("names that are special in JavaScript are names", () => {
    const header =
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}';
    const { tensors } = readSafetensors(file(header, Float32Array.of(1, 2).buffer));
    expect(Object.keys(tensors)).toEqual(["__proto__", "constructor"]);
    expect(Object.getOwnPropertyDescriptor(tensors, "__proto__")?.value.item()).toBe(1);
  });
});
