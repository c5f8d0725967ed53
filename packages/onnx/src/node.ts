import { lstatSync, readFileSync } from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExternalDataError, ModelFileError } from "./errors.ts";
import type { ExportResult } from "./export.ts";
import { type OnnxModel, readModel } from "./model.ts";
import { load as loadUrl, OnnxModule } from "./module.ts";
import type { ReadExternal } from "./tensorData.ts";

/**
 * Reads an ONNX file, and, when they are asked for, the external data files beside it.
 * @throws {ModelFileError} if there is no such file, or it cannot be read
 * @throws {OnnxError} as `readModel` does
 */
export async function readModelFile(path: string | URL): Promise<OnnxModel> {
  const file = typeof path === "string" ? path : fileURLToPath(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new ModelFileError(file, (cause as NodeJS.ErrnoException).code ?? String(cause), { cause });
  }
  return readModel(bytes, { externalData: externalDataIn(dirname(file)) });
}

/**
 * Loads an ONNX file as a trainable module: a path, or a URL, which is fetched unless it names a file.
 * @throws {ModelFileError} if there is no such file, or it cannot be read
 * @throws {OnnxError} as `importModel` does
 */
export async function load(path: string | URL): Promise<OnnxModule> {
  if (path instanceof URL && path.protocol !== "file:") return loadUrl(path);
  return new OnnxModule(await readModelFile(path));
}

/** Options of {@link save}. */
export interface SaveOptions {
  /** The model that the file was exported from: its external data files are copied along where the new file refers to them. */
  readonly model?: OnnxModel;
}

/**
 * Writes an exported model: into a temporary file beside `path`, which then takes its name, so that `path` is never half written.
 * Folders are made as needed.
 */
export async function save(
  path: string,
  exported: ExportResult | Uint8Array,
  options: SaveOptions = {},
): Promise<void> {
  const bytes = exported instanceof Uint8Array ? exported : exported.bytes;
  const folder = dirname(path);
  for (const { external } of readModel(bytes).graph.initializers.values()) {
    if (!external) continue;
    const target = join(folder, external.location);
    const data = (await exists(target)) ? undefined : options.model?.externalData?.(external.location);
    if (data) await writeWhole(target, data);
  }
  await writeWhole(path, bytes);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
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
  const files = new Map<string, Uint8Array>();
  return (location) => {
    const known = files.get(location);
    if (known) return known;
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
      const bytes = readFileSync(path);
      files.set(location, bytes);
      return bytes;
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
