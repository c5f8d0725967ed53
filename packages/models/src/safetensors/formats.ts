import type { DType, TypedArray } from "@graftjs/tensor";
import { fail } from "./errors.ts";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./halfPrecision.ts";

/** The types of elements that are read. */
export type SafetensorsDType = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "I8" | "U8" | "BOOL";

/** How floating-point tensors may be written. */
export type FloatFormat = "float32" | "float16" | "bfloat16";

interface Format {
  /** Bytes of an element. */
  readonly bytes: number;
  /** The elements, of bytes that start at the buffer's start. */
  readonly read: (buffer: ArrayBuffer) => TypedArray;
}

/** What is read as which dtype: floats as float32, integers as int32 (int64 only if it fits). */
export const formats: Readonly<Record<SafetensorsDType, Format>> = {
  F64: { bytes: 8, read: (b) => Float32Array.from(new Float64Array(b)) },
  F32: { bytes: 4, read: (b) => new Float32Array(b) },
  F16: { bytes: 2, read: (b) => fromFloat16(new Uint16Array(b)) },
  BF16: { bytes: 2, read: (b) => fromBfloat16(new Uint16Array(b)) },
  I64: { bytes: 8, read: (b) => Int32Array.from(new BigInt64Array(b), narrow) },
  I32: { bytes: 4, read: (b) => new Int32Array(b) },
  I16: { bytes: 2, read: (b) => Int32Array.from(new Int16Array(b)) },
  I8: { bytes: 1, read: (b) => Int32Array.from(new Int8Array(b)) },
  U8: { bytes: 1, read: (b) => Int32Array.from(new Uint8Array(b)) },
  BOOL: { bytes: 1, read: (b) => Uint8Array.from(new Uint8Array(b), (x) => (x === 0 ? 0 : 1)) },
};

const written = { float64: "F64", float32: "F32", int32: "I32", bool: "BOOL" } satisfies Record<
  DType,
  SafetensorsDType
>;

/** The type that a tensor of this dtype is written as. */
export function writtenAs(dtype: DType, float: FloatFormat | undefined): SafetensorsDType {
  if (float === undefined || !dtype.startsWith("float")) return written[dtype];
  return ({ float32: "F32", float16: "F16", bfloat16: "BF16" } as const)[float];
}

/** The bytes of elements in the given type, which {@link writtenAs} gave. */
export function encode(data: TypedArray, dtype: SafetensorsDType): Uint8Array<ArrayBuffer> {
  const array =
    dtype === "F16" ? toFloat16(floats(data)) : dtype === "BF16" ? toBfloat16(floats(data)) : same(data, dtype);
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}

function floats(data: TypedArray): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function same(data: TypedArray, dtype: SafetensorsDType): TypedArray {
  return dtype === "F32" ? floats(data) : data;
}

function narrow(value: bigint): number {
  const number = Number(value);
  if (number !== (number | 0)) throw fail("to fit into int32", String(value));
  return number;
}
