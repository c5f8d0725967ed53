import { existsSync, readFileSync } from "node:fs";
import { readSafetensors } from "@graftjs/models";
import type { Tensor } from "@graftjs/tensor";
import { describe, test } from "vitest";
import { sharedPath } from "../sharedPath.ts";

const folder = `${sharedPath() ?? "shared"}/conformance/goldens`;

/** A suite against goldens that are too large for the repository; where they are not at hand, it says so and is passed over. */
export function describeGoldens(name: string, suite: () => void): void {
  if (existsSync(`${folder}/index.json`)) describe(name, suite);
  else test.skipIf(true)(`${name} (not run: no goldens at ${folder}; set GRAFT_SHARED)`, () => {});
}

/** Tensors of a golden file by name. */
export class Golden {
  readonly #tensors: Readonly<Record<string, Tensor>>;

  constructor(file: string) {
    this.#tensors = readSafetensors(readFileSync(`${folder}/${file}`)).tensors;
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
  return JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as T;
}

/** The entry of the goldens' index with this id. */
export function goldenEntry<T>(id: string): T {
  const { entries } = goldenJson<{ entries: ({ id: string } & T)[] }>("index.json");
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`The index of goldens has no ${id}.`);
  return found;
}
