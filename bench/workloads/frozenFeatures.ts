import { mobileNetV2 } from "../networks/mobileNetV2.ts";
import { resnet18 } from "../networks/resnet18.ts";
import type { Workload } from "./workload.ts";

/** W2: features of a frozen backbone: what a linear probe waits for. */
export const frozenFeatures: readonly Workload[] = [mobileNetV2, resnet18].map((network) => ({
  group: "W2",
  title: `frozen ${network.name} features, 224², batch 8`,
  network,
  task: "features",
  batch: 8,
  learningRate: 0,
  momentum: 0,
}));
