import { IdxError } from "./errors.ts";

/** What an IDX file holds. */
export interface IdxArray {
  readonly dtype: IdxDType;
  readonly shape: readonly number[];
  /** Row-major; numbers of several bytes are read as big-endian, as the format has them. */
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

/** Element types of the format. */
export type IdxDType = "uint8" | "int8" | "int16" | "int32" | "float32" | "float64";

interface Reader {
  readonly dtype: IdxDType;
  readonly bytes: number;
  readonly read: (view: DataView, count: number, at: (i: number) => number) => IdxArray["data"];
}

const readers: Readonly<Record<number, Reader>> = {
  8: { dtype: "uint8", bytes: 1, read: (v, n, at) => Uint8Array.from({ length: n }, (_, i) => v.getUint8(at(i))) },
  9: { dtype: "int8", bytes: 1, read: (v, n, at) => Int8Array.from({ length: n }, (_, i) => v.getInt8(at(i))) },
  11: { dtype: "int16", bytes: 2, read: (v, n, at) => Int16Array.from({ length: n }, (_, i) => v.getInt16(at(i))) },
  12: { dtype: "int32", bytes: 4, read: (v, n, at) => Int32Array.from({ length: n }, (_, i) => v.getInt32(at(i))) },
  13: {
    dtype: "float32",
    bytes: 4,
    read: (v, n, at) => Float32Array.from({ length: n }, (_, i) => v.getFloat32(at(i))),
  },
  14: {
    dtype: "float64",
    bytes: 8,
    read: (v, n, at) => Float64Array.from({ length: n }, (_, i) => v.getFloat64(at(i))),
  },
};

/**
 * Reads an IDX file, the format of MNIST: two zero bytes, a type, a rank, the big-endian sizes, the elements.
 * Gzip is recognised and unpacked.
 *
 * @throws IdxError if the bytes are not IDX, are damaged gzip, or are not as many as the header says.
 * @see http://yann.lecun.com/exdb/mnist/
 *
 * @example
 * ```ts
 * import { readIdx } from "@graftjs/data";
 *
 * const file = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4); // uint8 (8), one axis, of size 3
 * console.log(await readIdx(file)); // { dtype: "uint8", shape: [3], data: [5, 0, 4] }
 * ```
 */
export async function readIdx(file: Uint8Array<ArrayBuffer>): Promise<IdxArray> {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? await gunzip(file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = bytes.length >= 4 && view.getUint16(0) === 0 ? readers[view.getUint8(2)] : undefined;
  if (reader === undefined) {
    const got = `bytes ${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ") || "none"}`;
    throw fail("a header 00 00, a type (08, 09, 0b to 0e), a rank", got, "Is it an IDX file?");
  }
  const rank = view.getUint8(3);
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw fail(`a header of ${header} bytes for rank ${rank}`, `${bytes.length} bytes`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + count * reader.bytes) {
    const expected = `${header + count * reader.bytes} bytes for ${reader.dtype} [${shape.join(", ")}]`;
    throw fail(expected, `${bytes.length}`, "The file is cut short, or not what it should be.");
  }
  const { dtype } = reader;
  if (dtype === "uint8") return { dtype, shape, data: bytes.slice(header) };
  return { dtype, shape, data: reader.read(view, count, (i) => header + i * reader.bytes) };
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw fail("gzip data", "damaged or truncated gzip data", "Fetch the file again.", { cause });
  }
}

function fail(expected: string, got: string, help?: string, options?: ErrorOptions): IdxError {
  const message = `readIdx: expected ${expected}, got ${got}.${help ? ` ${help}` : ""}`;
  return new IdxError(message, { op: "readIdx", expected, got, ...(help && { help }) }, options);
}

/** Images and labels of an MNIST-like data set. */
export interface LabelledImages {
  /** Grey images, one after the other, row-major. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Reads a pair of IDX files: images uint8 [N, H, W], and labels uint8 [N].
 * @throws IdxError if they are something else, or not of one length.
 *
 * @example
 * ```ts
 * import { readMnist } from "@graftjs/data";
 *
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 255, 128); // one image of 1 × 2 pixels
 * const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7);
 * const digits = await readMnist(images, labels);
 * console.log(digits.count, digits.height, digits.width, digits.labels); // 1 1 2 [7]
 * ```
 */
export async function readMnist(
  images: Uint8Array<ArrayBuffer>,
  labels: Uint8Array<ArrayBuffer>,
): Promise<LabelledImages> {
  const [pixels, classes] = await Promise.all([readIdx(images), readIdx(labels)]);
  const [count = 0, height = 0, width = 0] = pixels.shape;
  const fits = pixels.shape.length === 3 && classes.shape.length === 1 && classes.shape[0] === count;
  if (fits && pixels.data instanceof Uint8Array && classes.data instanceof Uint8Array) {
    return { images: pixels.data, labels: classes.data, count, height, width };
  }
  const expected = "images uint8 [N, H, W] and labels uint8 [N]";
  const describe = ({ dtype, shape }: IdxArray): string => `${dtype} [${shape.join(", ")}]`;
  throw fail(expected, `${describe(pixels)} and ${describe(classes)}`, "Give the images first, then the labels.");
}
