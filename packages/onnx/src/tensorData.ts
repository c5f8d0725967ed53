import { isGraftError } from "@graftjs/tensor";
import { ExternalDataError, InvalidModelError } from "./errors.ts";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./halfFloat.ts";
import { toText } from "./proto.ts";
import { readTensorHeader, type TensorHeader, typedList } from "./tensorProto.ts";

/** Element types of ONNX tensors by their number in `TensorProto.DataType`, with their size in bits. */
const dataTypes = {
  1: ["float32", 32],
  2: ["uint8", 8],
  3: ["int8", 8],
  4: ["uint16", 16],
  5: ["int16", 16],
  6: ["int32", 32],
  7: ["int64", 64],
  8: ["string", 0],
  9: ["bool", 8],
  10: ["float16", 16],
  11: ["float64", 64],
  12: ["uint32", 32],
  13: ["uint64", 64],
  14: ["complex64", 64],
  15: ["complex128", 128],
  16: ["bfloat16", 16],
  17: ["float8e4m3fn", 8],
  18: ["float8e4m3fnuz", 8],
  19: ["float8e5m2", 8],
  20: ["float8e5m2fnuz", 8],
  21: ["uint4", 4],
  22: ["int4", 4],
  23: ["float4e2m1", 4],
  24: ["float8e8m0", 8],
  25: ["uint2", 2],
  26: ["int2", 2],
  27: ["float6e2m3", 6],
  28: ["float6e3m2", 6],
} as const;

type DataTypeNumber = keyof typeof dataTypes;

/** Element type of an ONNX tensor. */
export type OnnxDType = (typeof dataTypes)[DataTypeNumber][0];

/** The elements of a tensor: float16 and bfloat16 are widened to float32, bool is 0 or 1. */
export type OnnxArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Where a tensor's bytes lie outside of the model file. */
export interface ExternalData {
  /** Path relative to the model's folder. */
  readonly location: string;
  readonly offset: number;
  /** Bytes; `undefined`: to the end of the file. */
  readonly length: number | undefined;
}

/** Gives `length` bytes of an external data file from `offset` on; fewer where the file ends before. */
export type ReadExternal = (location: string, offset: number, length: number) => Uint8Array;

/** A tensor stored in the file: an initializer or the value of an attribute. Its elements are read when asked for. */
export interface TensorData {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: OnnxDType;
  /** Number of elements. */
  readonly size: number;
  readonly byteLength: number;
  readonly external: ExternalData | undefined;
  /** The elements of a tensor of strings. */
  readonly texts?: readonly string[];
  /**
   * The elements, row-major; not to be written to.
   * @throws {InvalidModelError} if their number does not fit the dims, or the element type has no array.
   * @throws {ExternalDataError} if they lie in a file that cannot be read.
   */
  data(): OnnxArray;
}

/** The name of a `TensorProto.DataType` number; `undefined` if there is no such type. */
export function dtypeName(dataType: number): OnnxDType | undefined {
  return dataTypes[dataType as DataTypeNumber]?.[0];
}

/** Whether elements of a type are numbers that can be computed with: not text, complex, or of 8 bits and less but for int8 and uint8. */
export function isComputable(dtype: OnnxDType): boolean {
  return dtype !== "string" && !/^(complex|float[468]e|u?int[24]$)/.test(dtype);
}

/** The `TensorProto.DataType` number of an element type. */
export function dtypeNumber(dtype: OnnxDType): number {
  return Number(Object.entries(dataTypes).find(([, [name]]) => name === dtype)?.[0]);
}

/** Bytes of `size` elements as raw data. */
export function byteLengthOf(dtype: OnnxDType, size: number): number {
  return Math.ceil((dataTypes[dtypeNumber(dtype) as DataTypeNumber][1] * size) / 8);
}

type RawArray = { new (buffer: ArrayBuffer): OnnxArray };

const rawArrays: Partial<Record<OnnxDType, RawArray>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/** Little-endian raw data as elements. */
function decodeRaw(dtype: OnnxDType, raw: Uint8Array): OnnxArray | undefined {
  const { buffer } = new Uint8Array(raw);
  if (dtype === "float16") return float16ToFloat32(new Uint16Array(buffer));
  if (dtype === "bfloat16") return bfloat16ToFloat32(new Uint16Array(buffer));
  const array = rawArrays[dtype];
  return array && new array(buffer);
}

/** Elements as little-endian raw data; floats are narrowed to `dtype`. */
export function encodeRaw(dtype: OnnxDType, values: OnnxArray | readonly number[]): Uint8Array {
  const numbers = values as ArrayLike<number | bigint>;
  if (dtype === "float32" && values instanceof Float32Array) return new Uint8Array(values.slice().buffer);
  if (dtype === "float16" || dtype === "bfloat16") {
    const narrow = dtype === "float16" ? float32ToFloat16 : float32ToBfloat16;
    return new Uint8Array(narrow(Float32Array.from(numbers, Number)).buffer);
  }
  if (dtype === "int64") return new Uint8Array(BigInt64Array.from(numbers as ArrayLike<bigint>, BigInt).buffer);
  if (dtype === "float32") return new Uint8Array(Float32Array.from(numbers, Number).buffer);
  if (dtype === "float64") return new Uint8Array(Float64Array.from(numbers, Number).buffer);
  if (dtype === "int32") return new Uint8Array(Int32Array.from(numbers, Number).buffer);
  if (dtype === "bool") return Uint8Array.from(numbers, Number);
  throw new InvalidModelError("encodeRaw", `elements of type ${dtype} cannot be written`);
}

/** The elements out of a typed list (`float_data`, `int32_data` and so on) of a TensorProto. */
function decodeTyped(dtype: OnnxDType, where: string, bytes: Uint8Array): OnnxArray | undefined {
  if (dtype === "float32") return typedList(where, bytes, "float");
  if (dtype === "float64") return typedList(where, bytes, "double");
  if (dtype === "int64") return typedList(where, bytes, "int64");
  if (dtype === "uint64") return typedList(where, bytes, "uint64");
  if (dtype === "uint32") return Uint32Array.from(typedList(where, bytes, "uint64"), Number);
  const list = typedList(where, bytes, "int32");
  if (dtype === "float16") return float16ToFloat32(Uint16Array.from(list));
  if (dtype === "bfloat16") return bfloat16ToFloat32(Uint16Array.from(list));
  const array = rawArrays[dtype];
  const elements = array && new array(new ArrayBuffer(list.length * byteLengthOf(dtype, 1)));
  elements?.set(list as never);
  return elements;
}

function externalOf({ external: entries }: TensorHeader): ExternalData | undefined {
  if (!entries) return undefined;
  const location = entries.get("location") ?? "";
  const offset = Number(entries.get("offset") ?? 0);
  const length = entries.has("length") ? Number(entries.get("length")) : undefined;
  if (
    !Number.isSafeInteger(offset) ||
    offset < 0 ||
    (length !== undefined && (!Number.isSafeInteger(length) || length < 0))
  ) {
    throw new ExternalDataError(location, `offset ${offset} or length ${length} is no size`, "Export the model again.");
  }
  return { location, offset, length };
}

/** Reads a TensorProto's header; the elements follow on demand. @throws {InvalidModelError} if header and data disagree. */
export function tensorData(where: string, bytes: Uint8Array, readExternal: ReadExternal | undefined): TensorData {
  const header = readTensorHeader(where, bytes);
  const { name, dims, raw } = header;
  const at = name === "" ? where : `tensor "${name}"`;
  const size = dims.reduce((n, d) => n * d, 1);
  if (!dims.every((d) => Number.isSafeInteger(d) && d >= 0) || !Number.isSafeInteger(size)) {
    throw new InvalidModelError(at, `the shape [${dims.join(", ")}] is not possible`);
  }
  const dtype = dtypeName(header.dataType);
  if (dtype === undefined) throw new InvalidModelError(at, `there is no element type ${header.dataType}`);
  const external = externalOf(header);
  const byteLength =
    dtype === "string" ? header.strings.reduce((n, { length }) => n + length, 0) : byteLengthOf(dtype, size);
  const wrongSize = (got: string): InvalidModelError =>
    new InvalidModelError(
      at,
      `its shape [${dims.join(", ")}] of ${dtype} needs ${byteLength} bytes, its data has ${got}`,
    );
  if (!external && raw.length > 0 && raw.length !== byteLength) throw wrongSize(`${raw.length} bytes`);

  const data = (): OnnxArray => {
    let values: OnnxArray | undefined;
    if (external) {
      if (!readExternal) {
        throw new ExternalDataError(
          external.location,
          "this file was not given",
          "Load the model from its path, or give `externalData`.",
        );
      }
      // One byte more than is needed tells whether a tensor without a length ends where the file does.
      const { location, offset, length = byteLength + 1 } = external;
      const found = readExternal(location, offset, Math.min(length, byteLength + 1));
      if (found.length !== byteLength) {
        throw new ExternalDataError(
          location,
          `tensor "${name}" needs ${byteLength} bytes at offset ${offset}, and there are ${found.length > byteLength ? "more" : found.length}`,
          "Copy the data file again; it belongs to exactly this model file.",
        );
      }
      values = decodeRaw(dtype, found);
    } else values = raw.length > 0 ? decodeRaw(dtype, raw) : decodeTyped(dtype, at, bytes);
    if (!values) throw new InvalidModelError(at, `elements of type ${dtype} cannot be read as numbers`);
    if (values.length !== size) throw wrongSize(`${values.length} elements`);
    return values;
  };
  const texts = dtype === "string" && { texts: header.strings.map(toText) };
  return { name, dims, dtype, size, byteLength, external, ...texts, data };
}

/** Floats of the file that lie elsewhere than in a tensor. */
export function floatTensor(name: string, dims: readonly number[], elements: Float32Array): TensorData {
  const { length: size, byteLength } = elements;
  return { name, dims, dtype: "float32", size, byteLength, external: undefined, data: () => elements };
}

/** The elements of a float tensor; `undefined` where they cannot be read, which the import then says. */
export function floatsOf(tensor: TensorData): Float32Array | Float64Array | undefined {
  try {
    return tensor.data() as Float32Array | Float64Array;
  } catch (error) {
    if (!isGraftError(error)) throw error;
    return undefined;
  }
}
