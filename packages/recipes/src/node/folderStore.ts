import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "@graftjs/models";
import type { RunStore, Stored } from "../store.ts";

const JSON_KEY = "graft";

/**
 * Keeps each entry as one safetensors file of a folder; its JSON is in the file's metadata, so both change together.
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { FolderStore } from "@graftjs/recipes/node";
 * import { tensor } from "@graftjs/tensor";
 *
 * const store = new FolderStore(await mkdtemp(join(tmpdir(), "graft-")));
 * await store.save("epoch-1", { tensors: { weight: tensor([1, 2]) }, json: { epoch: 1 } });
 * const stored = await store.load("epoch-1");
 * console.log(stored?.tensors.weight?.toNested(), stored?.json); // [1, 2] { epoch: 1 }
 * ```
 */
export class FolderStore implements RunStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(name: string, { tensors, json }: Stored): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const bytes = await writeSafetensors(tensors, { [JSON_KEY]: JSON.stringify(json) });
    const temporary = join(this.#folder, `.${name}.${process.pid}.tmp`);
    await writeFile(temporary, bytes);
    await rename(temporary, this.#path(name));
  }

  /** @throws {SafetensorsError} if the file is damaged. */
  async load(name: string): Promise<Stored | null> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(this.#path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    const { tensors, metadata } = readSafetensors(bytes);
    return { tensors, json: JSON.parse(metadata[JSON_KEY] ?? "null") };
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.safetensors`);
  }
}
