import { type DType, formatShape, GraftError, numel, type Tensor, type TypedArray, tensor } from "@graftjs/tensor";

/** Bytes that are not a safetensors file, or one that holds what cannot be read. */
export class SafetensorsError extends GraftError {}

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Format {
  readonly bytes: number;
  readonly dtype: DType;
  /** The elements, from a copy that is aligned for any type. */
  readonly read: (buffer: ArrayBuffer) => TypedArray;
}

const formats: Readonly<Record<string, Format>> = {
  F64: { bytes: 8, dtype: "float32", read: (b) => Float32Array.from(new Float64Array(b)) },
  F32: { bytes: 4, dtype: "float32", read: (b) => new Float32Array(b) },
  F16: { bytes: 2, dtype: "float32", read: (b) => Float32Array.from(new Uint16Array(b), fromFloat16) },
  BF16: {
    bytes: 2,
    dtype: "float32",
    read: (b) => new Float32Array(Uint32Array.from(new Uint16Array(b), (h) => h << 16).buffer),
  },
  I64: { bytes: 8, dtype: "int32", read: (b) => Int32Array.from(new BigInt64Array(b), narrow) },
  I32: { bytes: 4, dtype: "int32", read: (b) => new Int32Array(b) },
  I16: { bytes: 2, dtype: "int32", read: (b) => Int32Array.from(new Int16Array(b)) },
  I8: { bytes: 1, dtype: "int32", read: (b) => Int32Array.from(new Int8Array(b)) },
  U8: { bytes: 1, dtype: "int32", read: (b) => Int32Array.from(new Uint8Array(b)) },
  BOOL: { bytes: 1, dtype: "bool", read: (b) => Uint8Array.from(new Uint8Array(b), (x) => (x === 0 ? 0 : 1)) },
};

const written = { float64: "F64", float32: "F32", int32: "I32", bool: "BOOL" } satisfies Record<DType, string>;

/** Largest header that is read, as in the reference implementation. */
const MAX_HEADER = 100_000_000;

/**
 * Reads a safetensors file. Half and double precision become float32, small integers int32, int64 too if it fits.
 * Nothing in the header is trusted: sizes, offsets and names are checked before anything is read.
 * @throws {SafetensorsError} if the bytes are no such file, or a tensor's type is not among those above.
 * Source: https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, start } = readHeader(bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === "string")) {
    throw fail("__metadata__ to be a record of strings", JSON.stringify(metadata).slice(0, 80));
  }
  const infos = Object.entries(entries).map(([name, info]) => checkInfo(name, info));
  checkCoverage(infos, bytes.length - start);
  const tensors = infos.map(({ name, shape, begin, end, format }) => {
    // Not `slice`, which does not copy in Node's Buffer.
    const copy = new Uint8Array(bytes.subarray(start + begin, start + end)).buffer;
    try {
      return [name, tensor(format.read(copy), shape)] as const;
    } catch (cause) {
      if (cause instanceof RangeError) throw fail(`${name} to fit into int32`, cause.message);
      throw cause;
    }
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw fail("a safetensors file of at least 8 bytes", `${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER || length > bytes.length - 8) {
    throw fail(
      "a header inside of the file",
      `one of ${length} bytes in ${bytes.length}`,
      "Is it cut short, or not a safetensors file?",
    );
  }
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (cause) {
    throw fail("a header in JSON", (cause as Error).message);
  }
  if (!isRecord(header)) throw fail("a header that is a JSON object", typeof header);
  return { header, start };
}

interface Info {
  readonly name: string;
  readonly format: Format;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkInfo(name: string, info: unknown): Info {
  const { dtype, shape, data_offsets: offsets } = isRecord(info) ? info : {};
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2 || typeof dtype !== "string") {
    throw fail(`${name} to have dtype, shape and two data_offsets`, JSON.stringify(info)?.slice(0, 120));
  }
  const format = Object.hasOwn(formats, dtype) ? formats[dtype] : undefined;
  if (!format) throw fail(`${name} to have one of the types ${Object.keys(formats).join(", ")}`, dtype);
  const [begin, end] = offsets as [number, number];
  const size = numel(shape) * format.bytes;
  if (!Number.isSafeInteger(size) || end - begin !== size) {
    throw fail(`${name}, ${dtype} ${formatShape(shape)}, to take ${size} bytes`, `offsets ${begin} to ${end}`);
  }
  return { name, format, shape, begin, end };
}

/** The tensors must lie side by side, and fill the file. */
function checkCoverage(infos: readonly Info[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of infos.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw fail(`${name} to start at byte ${at}`, `${begin}`, "Tensors must neither overlap nor leave gaps.");
    at = end;
  }
  if (at !== length) throw fail(`${at} bytes of tensors`, `${length}`, "Is the file cut short?");
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isSizes(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((v) => Number.isSafeInteger(v) && v >= 0);
}

function fail(expected: string, got: string, help?: string): SafetensorsError {
  const details = { op: "safetensors", expected, got, ...(help !== undefined && { help }) };
  return new SafetensorsError(`safetensors: expected ${expected}, got ${got}.${help ? ` ${help}` : ""}`, details);
}

function narrow(value: bigint): number {
  const number = Number(value);
  if (number !== (number | 0)) throw new RangeError(String(value));
  return number;
}

function fromFloat16(half: number): number {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Writes a safetensors file: float32 as F32, float64 as F64, int32 as I32, bool as BOOL.
 * @throws {SafetensorsError} for a tensor named `__metadata__`.
 * Source: https://github.com/huggingface/safetensors#format
 */
export async function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (Object.hasOwn(tensors, "__metadata__")) throw fail("names of tensors", "__metadata__", "The format reserves it.");
  const arrays = await Promise.all(
    Object.entries(tensors).map(async ([name, t]) => ({ name, t, data: await t.read() })),
  );
  // Wide elements first, so that each tensor is aligned.
  arrays.sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let at = 0;
  const entries = arrays.map(({ name, t, data }) => {
    const begin = at;
    at += data.byteLength;
    return [name, { dtype: written[t.dtype], shape: t.shape, data_offsets: [begin, at] }] as const;
  });
  const described = Object.keys(metadata).length > 0 ? [["__metadata__", metadata] as const] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...described, ...entries])));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + at).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let offset = start;
  for (const { data } of arrays) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}
