/** Wire types of the protocol buffer encoding that ONNX uses. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field as it lies in the bytes: `[start, end)` spans key and value, `[valueStart, end)` the value without key and length. */
export interface Field {
  readonly number: number;
  readonly type: number;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** What is wrong with an encoded message, and where; callers turn it into the error of their format. */
export class WireError extends Error {
  readonly kind: "truncated" | "malformed";
  readonly offset: number;

  constructor(kind: "truncated" | "malformed", offset: number, message: string) {
    super(message);
    this.name = "WireError";
    this.kind = kind;
    this.offset = offset;
  }
}

/** A varint that must fit 53 bits, and the offset behind it. */
function readVarint(bytes: Uint8Array, start: number, end: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at + 1 };
    if (at - start === 9) throw new WireError("malformed", start, "a varint is longer than ten bytes");
    scale *= 128;
  }
  throw new WireError("truncated", start, "the bytes end within a varint");
}

/**
 * Walks the fields of the message in `bytes[start, end)`, in order, without decoding values.
 * https://protobuf.dev/programming-guides/encoding/
 * @throws {WireError} where a key, a length or a value does not fit.
 */
export function* fields(bytes: Uint8Array, start = 0, end: number = bytes.length): Generator<Field, void, void> {
  let at = start;
  while (at < end) {
    const key = readVarint(bytes, at, end);
    const type = key.value % 8;
    const number = Math.floor(key.value / 8);
    if (number < 1 || number > 0x1fffffff) throw new WireError("malformed", at, `there is no field number ${number}`);
    let valueStart = key.next;
    let next: number;
    if (type === wireType.varint) next = readVarint(bytes, valueStart, end).next;
    else if (type === wireType.fixed64) next = valueStart + 8;
    else if (type === wireType.fixed32) next = valueStart + 4;
    else if (type === wireType.bytes) {
      const length = readVarint(bytes, valueStart, end);
      valueStart = length.next;
      next = valueStart + length.value;
    } else throw new WireError("malformed", at, `there is no wire type ${type}`);
    if (next > end)
      throw new WireError("truncated", at, `field ${number} needs ${next - end} bytes more than there are`);
    yield { number, type, start: at, valueStart, end: next };
    at = next;
  }
}

/** The value of a varint field as a number (exact up to 2^53). */
export function varintValue(bytes: Uint8Array, field: Field): number {
  return readVarint(bytes, field.valueStart, field.end).value;
}

/** The encoding of a non-negative integer. */
export function encodeVarint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Uint8Array.from(out);
}

/** A length-delimited field: key, length, value. */
export function encodeBytesField(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encodeField(number, parts);
}

/** As {@link encodeBytesField}, of any number of parts. */
export function encodeField(number: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([encodeVarint(number * 8 + wireType.bytes), encodeVarint(length), ...parts]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
