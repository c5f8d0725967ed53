import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Case, Tolerance } from "./outcome.ts";

/** The cases of one folder of a suite. */
export interface Folder {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** What an `index.json` may say of a case of single nodes. */
interface IndexEntry {
  readonly name: string;
  readonly rtol?: number;
  readonly atol?: number;
  readonly deterministic?: boolean;
}

/** The tolerances of the ONNX backend tests, for cases of which no index gives one. */
const usual: Tolerance = { rtol: 1e-3, atol: 1e-7 };

/** Gradients come from differences of doubles, and are computed in single precision here. */
const gradient: Tolerance = { rtol: 1e-3, atol: 1e-4 };

/**
 * All folders of a suite whose layout is known, whatever they are called:
 * - cases of the ONNX backend tests: `NAME/model.onnx` with `NAME/test_data_set_0/input_0.pb`, …
 * - `X-grads`: gradients of the cases of the folder `X`
 * - networks: `NAME/model.onnx` with `NAME/meta.json`, `input_0.npy`, `output_0.npy`, …
 */
export function foldersOf(suite: string): Folder[] {
  const names = directoriesIn(suite);
  return names.map((name) => {
    const path = join(suite, name);
    const source = name.endsWith("-grads") ? join(suite, name.slice(0, -"-grads".length)) : undefined;
    return { name, cases: source ? gradientCases(path, source) : ownCases(path) };
  });
}

function ownCases(path: string): Case[] {
  const index = indexOf(path);
  return directoriesIn(path).flatMap((name): Case[] => {
    const folder = join(path, name);
    if (!existsSync(join(folder, "model.onnx"))) return [];
    if (existsSync(join(folder, "test_data_set_0"))) return [nodeCase("node", folder, name, index.get(name))];
    if (!existsSync(join(folder, "meta.json"))) return [];
    return [{ kind: "network", name, path: folder, tolerance: { rtol: 0, atol: 1e-4 }, deterministic: true }];
  });
}

function gradientCases(path: string, source: string): Case[] {
  const index = indexOf(source);
  return directoriesIn(path).flatMap((name) => {
    const folder = join(source, name);
    if (!existsSync(join(folder, "model.onnx"))) return [];
    const forward = nodeCase("gradient", folder, name, index.get(name));
    return [{ ...forward, gradients: join(path, name), tolerance: gradient }];
  });
}

function nodeCase(kind: Case["kind"], path: string, name: string, entry: Partial<IndexEntry> = {}): Case {
  const { rtol = usual.rtol, atol = usual.atol, deterministic = true } = entry;
  return { kind, name, path, tolerance: { rtol, atol }, deterministic };
}

/** What the folder's index says of each case; nothing where there is none. */
function indexOf(path: string): ReadonlyMap<string, IndexEntry> {
  const file = join(path, "index.json");
  if (!existsSync(file)) return new Map();
  const { cases = [] } = JSON.parse(readFileSync(file, "utf8")) as { cases?: IndexEntry[] };
  return new Map(cases.map((entry) => [entry.name, entry]));
}

function directoriesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => statSync(join(path, name)).isDirectory())
    .sort();
}
