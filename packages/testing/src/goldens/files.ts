import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSafetensors } from "@graftjs/models";
import type { Tensor } from "@graftjs/tensor";

const shared = process.env.GRAFT_SHARED ?? fileURLToPath(new URL("../../../../../shared", import.meta.url));
const folder = `${shared}/conformance/goldens`;

/** Where goldens that are too large for the repository lie; `null` where they are not at hand. */
export const goldens: string | null = existsSync(`${folder}/index.json`) ? folder : null;

/** Says why golden suites do not run, as part of their name. */
export const missing: string = goldens ? "" : ` (not run: no goldens at ${folder}; set GRAFT_SHARED)`;

/** Tensors of a golden file by name. */
export class Golden {
  readonly #tensors: Readonly<Record<string, Tensor>>;

  constructor(file: string) {
    this.#tensors = readSafetensors(readFileSync(`${goldens}/${file}`)).tensors;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#tensors, name);
  }

  get(name: string): Tensor {
    const found = this.#tensors[name];
    if (!found) throw new Error(`The golden has no ${name}.`);
    return found;
  }

  /** The tensors whose names start with `prefix`, without it. */
  under(prefix: string): Record<string, Tensor> {
    const entries = Object.entries(this.#tensors).filter(([name]) => name.startsWith(prefix));
    return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
  }
}

/** A JSON file beside the goldens. */
export function goldenJson<T>(file: string): T {
  return JSON.parse(readFileSync(`${goldens}/${file}`, "utf8")) as T;
}

/** The entry of the goldens' index with this id. */
export function goldenEntry<T>(id: string): T {
  const { entries } = goldenJson<{ entries: ({ id: string } & T)[] }>("index.json");
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`The index of goldens has no ${id}.`);
  return found;
}
