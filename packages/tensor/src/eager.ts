import type { Device, Executable } from "./device/contract.ts";
import { referenceDevice } from "./device/reference.ts";
import type { Graph, TensorSpec, Value } from "./graph/graph.ts";
import type { Op } from "./op.ts";
import { runtime } from "./runtime.ts";
import type { Storage } from "./storage.ts";
import type { Tensor } from "./tensor.ts";

/** How many one-node programs a device keeps; the least recently used goes first. */
const CACHE_SIZE = 1024;

const caches = new WeakMap<Device, Map<string, Executable>>();

/** Runs one op at once, as a program of one node; its results lie in memory of their own. */
export function runOnDevice(
  op: Op,
  inputs: readonly Tensor[],
  attrs: unknown,
  specs: readonly TensorSpec[],
): Storage[] {
  const device = runtime().device ?? referenceDevice;
  let cache = caches.get(device);
  if (!cache) {
    cache = new Map();
    caches.set(device, cache);
  }
  let key = op.name + keyOf(attrs);
  for (const t of inputs) key += `|${t.dtype}${t.shape}`;
  let executable = cache.get(key);
  if (executable) {
    cache.delete(key);
  } else {
    executable = device.compile(oneNode(op, inputs, attrs, specs));
    if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  }
  cache.set(key, executable);
  return executable.run(inputs.map((t) => t.storage));
}

/** Attributes as text, each combination as another one; unlike JSON's, also those with infinities, NaN and -0. */
function keyOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  let key = "";
  if (Array.isArray(value)) for (const item of value) key += `${keyOf(item)},`;
  else for (const name in value) key += `${name}:${keyOf((value as Record<string, unknown>)[name])},`;
  return `[${key}]`;
}

function oneNode(op: Op, inputs: readonly TensorSpec[], attrs: unknown, specs: readonly TensorSpec[]): Graph {
  let id = 0;
  const value = ({ shape, dtype }: TensorSpec): Value => ({ id: id++, spec: { shape, dtype } });
  const values = inputs.map(value);
  const outputs = specs.map(value);
  return { inputs: values, states: [], nodes: [{ op, attrs, inputs: values, outputs }], outputs, assignments: [] };
}
