import { mobileNetV2 } from "../networks/mobileNetV2.ts";
import { resnet18 } from "../networks/resnet18.ts";
import type { Workload } from "./workload.ts";

/** W3: one step of training a whole network. */
export const trainingSteps: readonly Workload[] = [mobileNetV2, resnet18].map((network) => ({
  group: "W3",
  title: `${network.name} training step, 224², batch 8`,
  network,
  task: "step",
  batch: 8,
  learningRate: 0.001,
  momentum: 0.9,
}));
