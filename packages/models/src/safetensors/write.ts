import { numel, type Tensor } from "@graftjs/tensor";
import { writeFileInParts } from "#platform";
import { fail } from "./errors.ts";
import { encode, type FloatFormat, formats, type SafetensorsDType, writtenAs } from "./formats.ts";

/** Options of {@link writeSafetensors} and {@link saveSafetensors}. */
export interface WriteOptions {
  /** What floating-point tensors are written as, rounded to the nearest, ties to even. Default: as they are. */
  readonly float?: FloatFormat;
}

interface Entry {
  readonly name: string;
  readonly tensor: Tensor;
  readonly dtype: SafetensorsDType;
  readonly begin: number;
  readonly end: number;
}

function entriesOf(tensors: Readonly<Record<string, Tensor>>, { float }: WriteOptions): Entry[] {
  if (Object.hasOwn(tensors, "__metadata__")) throw fail("names of tensors", "__metadata__", "The format reserves it.");
  const typed = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    tensor,
    dtype: writtenAs(tensor.dtype, float),
  }));
  // Wide elements first, so that each tensor is aligned.
  typed.sort((a, b) => formats[b.dtype].bytes - formats[a.dtype].bytes);
  let at = 0;
  return typed.map((entry) => {
    const begin = at;
    at += numel(entry.tensor.shape) * formats[entry.dtype].bytes;
    return { ...entry, begin, end: at };
  });
}

/** The length of the header and the header, padded with spaces to a multiple of eight bytes. */
function headerOf(entries: readonly Entry[], metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const described = Object.keys(metadata).length > 0 ? [["__metadata__", metadata] as const] : [];
  const infos = entries.map(({ name, tensor, dtype, begin, end }) => {
    return [name, { dtype, shape: tensor.shape, data_offsets: [begin, end] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...described, ...infos])));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * A safetensors file in parts: its header, and then tensor by tensor, each read from its device when its turn comes. For
 * a stream: `ReadableStream.from(safetensorsChunks(tensors))`.
 * @throws {SafetensorsError} for a tensor named `__metadata__`.
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @example
 * ```ts
 * import { safetensorsChunks, SafetensorsReader } from "@graftjs/models";
 * import { tensor } from "@graftjs/tensor";
 *
 * const parts: Uint8Array<ArrayBuffer>[] = [];
 * for await (const part of safetensorsChunks({ weight: tensor([1, 2]), bias: tensor([3]) })) parts.push(part);
 * const reader = await SafetensorsReader.open(new Blob(parts));
 * console.log(parts.length, reader.entries.get("weight")?.shape); // 3 [2]
 * ```
 */
export async function* safetensorsChunks(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
  options: WriteOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const entries = entriesOf(tensors, options);
  yield headerOf(entries, metadata);
  for (const { tensor, dtype } of entries) yield encode(await tensor.read(), dtype);
}

/**
 * Writes a safetensors file: float32 as F32, float64 as F64, int32 as I32, bool as BOOL; floats also as F16 or BF16.
 * @throws {SafetensorsError} for a tensor named `__metadata__`.
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@graftjs/models";
 * import { tensor } from "@graftjs/tensor";
 *
 * const bytes = await writeSafetensors({ weight: tensor([1, 0.1]) }, {}, { float: "bfloat16" });
 * console.log(readSafetensors(bytes).tensors.weight?.toNested()); // [1, 0.1001]
 * ```
 */
export async function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
  options: WriteOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = entriesOf(tensors, options);
  const header = headerOf(entries, metadata);
  const bytes = new Uint8Array(header.length + (entries.at(-1)?.end ?? 0));
  bytes.set(header);
  await Promise.all(
    entries.map(async ({ tensor, dtype, begin }) => {
      bytes.set(encode(await tensor.read(), dtype), header.length + begin);
    }),
  );
  return bytes;
}

/**
 * Writes a safetensors file to a path (in Node), tensor by tensor: to a temporary file, which takes its place when whole.
 * @throws {SafetensorsError} for a tensor named `__metadata__`, and in browsers, which have no paths.
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { LeNet, loadPretrained, saveSafetensors } from "@graftjs/models";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "graft-")), "net.safetensors");
 * await saveSafetensors(path, new LeNet().stateDict());
 * const { loaded } = await loadPretrained(new LeNet(), path);
 * console.log(loaded); // 10
 * ```
 */
export function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
  options: WriteOptions = {},
): Promise<void> {
  return writeFileInParts(path, safetensorsChunks(tensors, metadata, options));
}
