import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import { access, type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExternalDataError, ModelFileError, UnsupportedModelError } from "./errors.ts";
import type { ExportResult } from "./export.ts";
import { withNested } from "./graph.ts";
import { load as loadSource } from "./load.ts";
import { largestModel, type OnnxModel, readModel } from "./model.ts";
import { OnnxModule } from "./module.ts";
import type { ReadExternal } from "./tensorData.ts";

/**
 * Reads an ONNX file, and, when they are asked for, ranges of the external data files beside it, of any size.
 * @throws {ModelFileError} if there is no such file, or it cannot be read
 * @throws {OnnxError} as `readModel` does; before the file is read, if it has 2 GiB or more
 *
 * @example
 * ```ts
 * import { readModelFile } from "@graftjs/onnx/node";
 *
 * const model = await readModelFile("fixtures/onnx/external.onnx"); // and the data file beside it
 * console.log(model.graph.nodes.length); // 3
 * ```
 */
export async function readModelFile(path: string | URL): Promise<OnnxModel> {
  const file = typeof path === "string" ? path : fileURLToPath(path);
  let bytes: Uint8Array;
  try {
    if ((await stat(file)).size >= largestModel)
      throw new UnsupportedModelError("it has 2 GiB or more", "Export it with external data.");
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof UnsupportedModelError) throw cause;
    throw new ModelFileError(file, (cause as NodeJS.ErrnoException).code ?? String(cause), { cause });
  }
  return readModel(bytes, { externalData: externalDataIn(dirname(file)) });
}

/**
 * Loads an ONNX model as a trainable module: from a path, bytes, a blob, or a URL, which is fetched unless it names a file.
 * @throws {ModelFileError} if there is no such file, or it cannot be read
 * @throws {OnnxError} as `importModel` does
 *
 * @example
 * ```ts
 * import { load } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * console.log(network.forward(ones([4, 3, 16, 16])).shape); // [4, 5]
 * ```
 */
export async function load(source: string | URL | Uint8Array | ArrayBuffer | Blob): Promise<OnnxModule> {
  const isFile = typeof source === "string" || (source instanceof URL && source.protocol === "file:");
  return isFile ? new OnnxModule(await readModelFile(source)) : loadSource(source);
}

/** Options of {@link save}. */
export interface SaveOptions {
  /** The model that the file was exported from: its external data files are copied along where the new file refers to them. */
  readonly model?: OnnxModel;
}

/** External data is copied in pieces of this many bytes. */
const pieceSize = 64 * 2 ** 20;

/**
 * Writes an exported model: into a temporary file beside `path`, which then takes its name, so that `path` is never half written.
 * External data files that the model refers to are written or copied beside it, where there is no file of that name; one that is there is
 * never written to. Folders are made as needed.
 * @throws {ExternalDataError} if a data file that the export made would have to overwrite another
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { exportModel } from "@graftjs/onnx";
 * import { load, save } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * network.replaceHead(3, { seed: 1 });
 * const path = join(await mkdtemp(join(tmpdir(), "graft-")), "tuned.onnx");
 * await save(path, await exportModel(network));
 * console.log((await load(path)).forward(ones([4, 3, 16, 16])).shape); // [4, 3]
 * ```
 */
export async function save(
  path: string,
  exported: ExportResult | Uint8Array,
  options: SaveOptions = {},
): Promise<void> {
  const { bytes, data } = exported instanceof Uint8Array ? { bytes: exported, data: undefined } : exported;
  const folder = dirname(path);
  if (data) {
    const target = join(folder, data.location);
    if (await exists(target))
      throw new ExternalDataError(
        data.location,
        "it exists",
        "Save to another folder, or give exportModel another dataFile.",
      );
    await writeWhole(target, (file) => file.writeFile(data.bytes));
  }
  const source = options.model?.externalData;
  for (const location of locationsOf(readModel(bytes))) {
    const target = join(folder, location);
    if (source && !(await exists(target))) await writeWhole(target, (file) => copy(file, source, location));
  }
  await writeWhole(path, (file) => file.writeFile(bytes));
}

/** The data files that a model refers to, in initializers or constants. */
function locationsOf({ graph }: OnnxModel): ReadonlySet<string> {
  const constants = [...withNested(graph.nodes)].flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ type, value }) => (type === "tensor" ? [value] : [])),
  );
  const tensors = [...graph.initializers.values(), ...constants];
  return new Set(tensors.flatMap(({ external }) => external?.location ?? []));
}

async function copy(file: FileHandle, source: ReadExternal, location: string): Promise<void> {
  for (let offset = 0; ; offset += pieceSize) {
    const piece = source(location, offset, pieceSize);
    await file.writeFile(piece);
    if (piece.length < pieceSize) return;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, "w");
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Reads files inside of `folder` alone: a model is a stranger's data and must not name others. */
function externalDataIn(folder: string): ReadExternal {
  return (location, offset, length) => {
    const parts = location.split(/[\\/]/);
    if (location === "" || isAbsolute(location) || /^[A-Za-z]:/.test(location) || parts.includes("..")) {
      throw new ExternalDataError(
        location,
        "it lies outside of the model's folder",
        "Put the data file beside the model and export it again.",
      );
    }
    let path = folder;
    try {
      for (const part of parts) {
        path = join(path, part);
        if (lstatSync(path).isSymbolicLink()) {
          throw new ExternalDataError(location, "it is a symbolic link", "Put the data file itself beside the model.");
        }
      }
      if (!lstatSync(path).isFile())
        throw new ExternalDataError(location, "it is no file", "Put the data file beside the model.");
      return readRange(path, offset, length);
    } catch (cause) {
      if (cause instanceof ExternalDataError) throw cause;
      throw new ExternalDataError(
        location,
        `it cannot be read (${(cause as NodeJS.ErrnoException).code})`,
        "Copy it beside the model file.",
      );
    }
  };
}

/** Some bytes of a file; fewer where it ends before. No more is allocated than the file has. */
function readRange(path: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, lstatSync(path).size - offset)));
  const file = openSync(path, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), offset + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}
