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
  let key = op.name + JSON.stringify(attrs, distinct);
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

/** JSON writes infinities and NaN as null, and -0 as 0. */
function distinct(_: string, value: unknown): unknown {
  return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `#${1 / value}${value}`
    : value;
}

function oneNode(op: Op, inputs: readonly TensorSpec[], attrs: unknown, specs: readonly TensorSpec[]): Graph {
  let id = 0;
  const value = ({ shape, dtype }: TensorSpec): Value => ({ id: id++, spec: { shape, dtype } });
  const values = inputs.map(value);
  const outputs = specs.map(value);
  return { inputs: values, states: [], nodes: [{ op, attrs, inputs: values, outputs }], outputs, assignments: [] };
}
