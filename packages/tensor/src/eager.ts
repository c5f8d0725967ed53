import type { Device, Executable } from "./device/contract.ts";
import { referenceDevice } from "./device/reference.ts";
import type { Graph, TensorSpec, Value } from "./graph/graph.ts";
import type { Op } from "./op.ts";
import { runtime } from "./runtime.ts";
import { equalShapes } from "./shape.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** A device keeps the programs of the last so many combinations of op, attributes and shapes at least, twice as many at most. */
const GENERATION = 512;

/** One op, ready to run on one device for one combination of attributes and inputs. */
export interface EagerOp {
  readonly op: Op;
  readonly attrs: unknown;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** `null` for views, which run nothing. */
  readonly executable: Executable | null;
}

/** The ops that a device was used with: those of late, and those that it will forget unless they are used again. */
class Cache {
  #young = new Map<number, EagerOp[]>();
  #old = new Map<number, EagerOp[]>();
  #count = 0;

  find(hash: number, op: Op, inputs: readonly TensorSpec[], attrs: unknown): EagerOp | undefined {
    const young = pick(this.#young.get(hash), op, inputs, attrs);
    if (young) return young;
    const old = pick(this.#old.get(hash), op, inputs, attrs);
    if (old) this.add(hash, old);
    return old;
  }

  add(hash: number, entry: EagerOp): void {
    if (this.#count++ >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#count = 1;
    }
    const entries = this.#young.get(hash);
    if (entries) entries.push(entry);
    else this.#young.set(hash, [entry]);
  }
}

const caches = new WeakMap<Device, Cache>();

/** What is needed to run an op at once: shapes checked, results known, a program of one node. */
export function prepareEager(op: Op, inputs: readonly Tensor[], attrs: unknown): EagerOp {
  const device = runtime().device ?? referenceDevice;
  let cache = caches.get(device);
  if (!cache) {
    cache = new Cache();
    caches.set(device, cache);
  }
  const hash = hashOf(op, inputs, attrs);
  const known = cache.find(hash, op, inputs, attrs);
  if (known) return known;
  const outputs = op.infer(attrs, ...inputs);
  const executable = op.kind === "view" ? null : device.compile(oneNode(op, inputs, attrs, outputs));
  // What is kept must not keep the tensors.
  const specs = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const entry = { op, attrs, inputs: specs, outputs, executable };
  cache.add(hash, entry);
  return entry;
}

/** Runs an op at once. Its results lie in memory of their own, unless it is a view. */
export function runEager({ executable }: EagerOp, inputs: readonly Tensor[]): readonly Storage[] {
  const storages = inputs.map((t) => t.storage);
  if (!executable) return storages;
  const results = executable.run(storages);
  const { made } = runtime();
  if (made) for (const storage of results) if (storage.residence) made.add(storage);
  return results;
}

function pick(
  entries: readonly EagerOp[] | undefined,
  op: Op,
  inputs: readonly TensorSpec[],
  attrs: unknown,
): EagerOp | undefined {
  if (!entries) return undefined;
  for (const entry of entries) {
    if (entry.op === op && sameSpecs(entry.inputs, inputs) && sameAttributes(entry.attrs, attrs)) return entry;
  }
  return undefined;
}

function hashOf(op: Op, inputs: readonly TensorSpec[], attrs: unknown): number {
  let hash = hashOfAttributes(attrs, op.name.length + op.name.charCodeAt(op.name.length - 1));
  for (const { shape, dtype } of inputs) {
    hash = Math.imul(hash ^ dtype.charCodeAt(0), 31);
    for (const size of shape) hash = Math.imul(hash ^ size, 0x5bd1e995) ^ (hash >>> 15);
  }
  return hash;
}

/** Numbers alone: other attributes seldom tell ops apart that are alike otherwise. */
function hashOfAttributes(value: unknown, hash: number): number {
  if (typeof value === "number") return Math.imul(hash ^ value, 0x5bd1e995) ^ (hash >>> 15);
  if (typeof value !== "object" || value === null) return hash;
  if (Array.isArray(value)) for (const item of value) hash = hashOfAttributes(item, hash);
  else for (const name in value) hash = hashOfAttributes((value as Record<string, unknown>)[name], hash);
  return hash;
}

function sameSpecs(a: readonly TensorSpec[], b: readonly TensorSpec[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as TensorSpec, b[i] as TensorSpec];
    if (x.dtype !== y.dtype || !equalShapes(x.shape, y.shape)) return false;
  }
  return true;
}

/** Whether attributes are the same all through; unlike in JSON, also those with infinities, NaN and -0. */
function sameAttributes(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameAttributes(a[i], b[i])) return false;
    return true;
  }
  let names = 0;
  for (const name in a) {
    if (!sameAttributes((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name])) return false;
    names++;
  }
  for (const _ in b) names--;
  return names === 0;
}

function oneNode(op: Op, inputs: readonly TensorSpec[], attrs: unknown, specs: readonly TensorSpec[]): Graph {
  let id = 0;
  const value = ({ shape, dtype }: TensorSpec): Value => ({ id: id++, spec: { shape, dtype } });
  const values = inputs.map(value);
  const outputs = specs.map(value);
  return { inputs: values, states: [], nodes: [{ op, attrs, inputs: values, outputs }], outputs, assignments: [] };
}
