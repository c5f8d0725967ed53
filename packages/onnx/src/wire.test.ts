import { describe, expect, it } from "vitest";
import { concatBytes, encodeBytesField, encodeVarint, fields, varintValue, WireError } from "./wire.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const kindOf = (message: Uint8Array): string => {
  try {
    return String([...fields(message)].length);
  } catch (error) {
    return error instanceof WireError ? error.kind : String(error);
  }
};

describe("fields", () => {
  it("walks every wire type and says where values lie", () => {
    const message = bytes(0x08, 0x96, 0x01, 0x12, 0x02, 0xaa, 0xbb, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8);
    const found = [...fields(message)].map(({ number, type, start, valueStart, end }) => [
      number,
      type,
      start,
      valueStart,
      end,
    ]);
    expect(found).toEqual([
      [1, 0, 0, 1, 3],
      [2, 2, 3, 5, 7],
      [3, 5, 7, 8, 12],
      [4, 1, 12, 13, 21],
    ]);
    expect(varintValue(message, [...fields(message)][0] as never)).toBe(150);
  });

  it.each([
    ["a length beyond the end", bytes(0x12, 0x05, 1), "truncated"],
    ["a varint without an end", bytes(0x08, 0xff), "truncated"],
    ["a fixed value without an end", bytes(0x1d, 1, 2), "truncated"],
    ["a varint of eleven bytes", bytes(0x08, ...new Array<number>(11).fill(0x80), 0), "malformed"],
    ["field number zero", bytes(0x00, 0x01), "malformed"],
    ["a group", bytes(0x0b), "malformed"],
  ])("refuses %s", (_, message, kind) => {
    expect(kindOf(message)).toBe(kind);
  });

  it("reads what it writes", () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 31, 2 ** 40]) {
      const message = concatBytes([bytes(0x08), encodeVarint(value)]);
      expect(varintValue(message, [...fields(message)][0] as never)).toBe(value);
    }
    const [field] = fields(encodeBytesField(300, bytes(1), bytes(2, 3)));
    expect(field).toMatchObject({ number: 300, end: 6, valueStart: 3 });
  });
});
