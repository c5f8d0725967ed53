import { type Tensor, tensor } from "@graftjs/tensor";
import { type ByteSource, blobSource, bytesSource } from "../byteSource.ts";
import { fail, SafetensorsError } from "./errors.ts";
import { formats } from "./formats.ts";
import { type Header, headerLength, parseHeader, type TensorInfo } from "./header.ts";

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Half and double precision become float32, small integers int32, int64 too if it fits.
 * Nothing in the header is trusted: sizes, offsets and names are checked before anything is read.
 * @throws {SafetensorsError} if the bytes are no such file, or a tensor's type is not among F64, F32, F16, BF16, I64,
 * I32, I16, I8, U8 and BOOL.
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@graftjs/models";
 * import { tensor } from "@graftjs/tensor";
 *
 * const bytes = await writeSafetensors({ weight: tensor([1, 2]) }, { format: "pt" });
 * const { tensors, metadata } = readSafetensors(bytes);
 * console.log(tensors.weight?.toNested(), metadata); // [1, 2] { format: "pt" }
 * ```
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const start = 8 + headerLength(bytes.subarray(0, 8), bytes.length);
  const { tensors, metadata } = parseHeader(bytes.subarray(8, start), bytes.length);
  // Not `slice`, which does not copy in Node's Buffer.
  const read = (info: TensorInfo): Tensor => decode(info, new Uint8Array(bytes.subarray(info.begin, info.end)));
  return { tensors: Object.fromEntries(tensors.map((info) => [info.name, read(info)])), metadata };
}

/**
 * A safetensors file of which tensors are read one by one, when they are asked for: the file is never held whole.
 * Made by {@link SafetensorsReader.open}.
 *
 * @example
 * ```ts
 * import { SafetensorsReader, writeSafetensors } from "@graftjs/models";
 * import { tensor } from "@graftjs/tensor";
 *
 * const file = new Blob([await writeSafetensors({ weight: tensor([1, 2]), bias: tensor([3]) })]);
 * const reader = await SafetensorsReader.open(file);
 * console.log([...reader.entries.keys()], (await reader.tensor("weight")).toNested()); // ["weight", "bias"] [1, 2]
 * ```
 */
export class SafetensorsReader {
  readonly metadata: Readonly<Record<string, string>>;
  /** What the file holds, by name, in order of their places in it. */
  readonly entries: ReadonlyMap<string, TensorInfo>;
  readonly #source: ByteSource;

  private constructor(source: ByteSource, { tensors, metadata }: Header) {
    this.#source = source;
    this.metadata = metadata;
    this.entries = new Map(tensors.map((info) => [info.name, info]));
  }

  /**
   * Reads and checks the header.
   * @throws {SafetensorsError} if it is none, or says what cannot be.
   */
  static async open(source: Uint8Array | Blob | ByteSource): Promise<SafetensorsReader> {
    const parts =
      source instanceof Uint8Array ? bytesSource(source) : source instanceof Blob ? blobSource(source) : source;
    const start = 8 + headerLength(await parts.read(0, Math.min(8, parts.size)), parts.size);
    return new SafetensorsReader(parts, parseHeader(await parts.read(8, start), parts.size));
  }

  /** Reads one tensor. @throws {SafetensorsError} if there is none of that name, or the source is shorter than it was. */
  async tensor(name: string): Promise<Tensor> {
    const info = this.entries.get(name);
    if (!info) throw fail(`one of ${[...this.entries.keys()].slice(0, 8).join(", ")} ...`, name);
    return decode(info, await this.#source.read(info.begin, info.end));
  }

  /** All tensors, one after the other. */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly [name: string, tensor: Tensor]> {
    for (const name of this.entries.keys()) yield [name, await this.tensor(name)];
  }

  /** Gives back what the source holds open. */
  close(): Promise<void> {
    return this.#source.close();
  }
}

/**
 * The tensors of a safetensors file as it arrives, in order of their places in it: no more than one is held at a time.
 * @param size bytes of the file, if known; otherwise the end of the stream is checked when it is reached.
 * @throws {SafetensorsError} if it is no such file, or ends too early or too late.
 *
 * @example
 * ```ts
 * import { streamSafetensors, writeSafetensors } from "@graftjs/models";
 * import { tensor } from "@graftjs/tensor";
 *
 * const file = new Blob([await writeSafetensors({ weight: tensor([1, 2]), bias: tensor([3]) })]);
 * const names: string[] = [];
 * for await (const [name] of streamSafetensors(file.stream())) names.push(name);
 * console.log(names); // ["weight", "bias"]
 * ```
 */
export async function* streamSafetensors(
  stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  size?: number,
): AsyncGenerator<readonly [name: string, tensor: Tensor]> {
  const take = taker(Symbol.asyncIterator in stream ? stream : iterate(stream));
  try {
    const length = headerLength(await take(8), size ?? Number.MAX_SAFE_INTEGER);
    const json = await take(length);
    const { tensors } = parseHeader(json, size ?? sizeOf(json));
    for (const info of tensors) yield [info.name, decode(info, await take(info.end - info.begin))];
    const left = await take(1, true);
    if (left.length > 0) throw fail("the file to end after its last tensor", "more bytes");
  } finally {
    await take.cancel();
  }
}

/** The size that a file of this header has if its tensors fill it. */
function sizeOf(json: Uint8Array): number {
  let end = 0;
  try {
    for (const info of Object.values(JSON.parse(new TextDecoder().decode(json)) as object)) {
      const last = (info as { data_offsets?: unknown[] } | null)?.data_offsets?.[1];
      if (typeof last === "number") end = Math.max(end, last);
    }
  } catch {
    // Whoever parses it for good says what is wrong.
  }
  return 8 + json.length + end;
}

interface Take {
  /** The next `count` bytes; fewer, if allowed, at the end. */
  (count: number, mayEnd?: boolean): Promise<Uint8Array<ArrayBuffer>>;
  cancel(): Promise<void>;
}

function taker(stream: AsyncIterable<Uint8Array>): Take {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const take = async (count: number, mayEnd = false): Promise<Uint8Array<ArrayBuffer>> => {
    // Grows with what arrives: the header may promise more than comes.
    const parts: Uint8Array[] = [];
    let have = 0;
    while (have < count) {
      if (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done) break;
        rest = value;
        continue;
      }
      const part = rest.subarray(0, count - have);
      parts.push(part);
      have += part.length;
      rest = rest.subarray(part.length);
    }
    if (have < count && !mayEnd) throw fail(`${count} more bytes`, `${have}`, "Is the file cut short?");
    const out = new Uint8Array(have);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  };
  return Object.assign(take, {
    cancel: async () => {
      await chunks.return?.();
    },
  });
}

/** Browsers' streams are not all iterable yet. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

function decode({ name, dtype, shape, begin, end }: TensorInfo, bytes: Uint8Array): Tensor {
  if (bytes.length !== end - begin) throw fail(`${end - begin} bytes of ${name}`, `${bytes.length}`);
  const aligned = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  const buffer = (aligned ? bytes : new Uint8Array(bytes)).buffer as ArrayBuffer;
  try {
    return tensor(formats[dtype].read(buffer), shape);
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw fail(`${name} ${cause.expected}`, String(cause.got));
  }
}
