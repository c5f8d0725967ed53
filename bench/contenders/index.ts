import type { Settings } from "../protocol.ts";
import type { Group } from "../workloads/workload.ts";

/** A contender as it enters the benchmark. */
export interface Entry {
  readonly name: string;
  /** What serves it: a name in `contender.ts`, or `pytorch` for `pytorch.py`. */
  readonly program: string;
  readonly settings: Settings;
  /** Options of its process: of Node, or of Python. */
  readonly flags?: readonly string[];
  readonly groups: readonly Group[];
}

/** What all others are compared with. */
export const baseline = "PyTorch eager, 2 threads";

export const entries: readonly Entry[] = [
  { name: "Graft compiled, 2 threads", program: "graft", settings: { threads: 2 }, groups: ["W1", "W2", "W3", "W4"] },
  { name: "Graft compiled, 1 thread", program: "graft", settings: { threads: 1 }, groups: ["W1", "W2", "W3", "W4"] },
  { name: "Graft eager, 2 threads", program: "graft", settings: { threads: 2, mode: "eager" }, groups: ["W1"] },
  {
    name: "Graft compiled, 2 threads, V8's 256-bit vectors (experimental flag)",
    program: "graft",
    settings: { threads: 2 },
    flags: ["--experimental-wasm-revectorize"],
    groups: ["W1", "W2", "W3", "W4"],
  },
  { name: baseline, program: "pytorch", settings: { threads: 2 }, groups: ["W1", "W2", "W3", "W4"] },
  pytorch("channels-last", { channelsLast: true }),
  pytorch("compiled", { compile: true }),
  pytorch("channels-last bfloat16", { channelsLast: true, bfloat16: true }),
  { name: "ONNX Runtime node, 2 threads", program: "onnxruntimeNode", settings: { threads: 2 }, groups: ["W2"] },
  { name: "ONNX Runtime web, 2 threads", program: "onnxruntimeWeb", settings: { threads: 2 }, groups: ["W2"] },
  { name: "TensorFlow.js wasm", program: "tensorflow", settings: { backend: "wasm" }, groups: ["W1", "W2"] },
  { name: "TensorFlow.js cpu", program: "tensorflow", settings: { backend: "cpu" }, groups: ["W1"] },
  { name: "jax-js wasm", program: "jax", settings: { backend: "wasm" }, groups: ["W1"] },
];

/** What PyTorch can do beside its eager mode; told, not compared with. */
function pytorch(name: string, settings: Settings): Entry {
  return {
    name: `PyTorch ${name}, 2 threads`,
    program: "pytorch",
    settings: { threads: 2, ...settings },
    groups: ["W2", "W3"],
  };
}
