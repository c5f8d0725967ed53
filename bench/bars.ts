import { baseline } from "./contenders/index.ts";
import type { Network } from "./networks/network.ts";
import type { Group } from "./workloads/workload.ts";

/** What Graft must reach beside another contender, or beside itself. */
export interface Bar {
  readonly group: Group;
  /** Which workloads of the group; without either, all. */
  readonly network?: Network["name"];
  readonly batch?: number;
  readonly contender: string;
  readonly against: string;
  /** Times as fast, or as little memory at the peak. */
  readonly atLeast: number;
  /** Default `speed`. */
  readonly of?: "speed" | "memory";
}

const [graft, alone, eager] = ["Graft compiled, 2 threads", "Graft compiled, 1 thread", "Graft eager, 2 threads"];
const web = "ONNX Runtime web, 2 threads";

export const bars: readonly Bar[] = [
  { group: "W1", batch: 4, contender: graft, against: baseline, atLeast: 4 },
  { group: "W1", batch: 64, contender: graft, against: baseline, atLeast: 2.5 },
  { group: "W1", batch: 4, contender: eager, against: baseline, atLeast: 1.5 },
  { group: "W1", contender: graft, against: "jax-js wasm", atLeast: 50 },
  { group: "W1", contender: graft, against: "TensorFlow.js cpu", atLeast: 50 },
  { group: "W2", network: "MobileNetV2", contender: graft, against: baseline, atLeast: 1.3 },
  { group: "W2", network: "MobileNetV2", contender: graft, against: web, atLeast: 2 },
  { group: "W2", network: "ResNet-18", contender: graft, against: baseline, atLeast: 1 },
  { group: "W2", network: "ResNet-18", contender: graft, against: web, atLeast: 2.5 },
  { group: "W2", contender: graft, against: alone, atLeast: 1.7 },
  { group: "W3", network: "MobileNetV2", contender: graft, against: baseline, atLeast: 1.5 },
  { group: "W3", network: "ResNet-18", contender: graft, against: baseline, atLeast: 0.8 },
  { group: "W3", contender: graft, against: alone, atLeast: 1.7 },
  { group: "W3", contender: graft, against: baseline, atLeast: 1, of: "memory" },
  { group: "W4", contender: graft, against: baseline, atLeast: 0.6 },
  { group: "W5", contender: "Graft, --engine onnxruntime", against: baseline, atLeast: 2 },
  { group: "W5", contender: "Graft, --engine graft", against: baseline, atLeast: 1.2 },
];
