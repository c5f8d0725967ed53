import { lenet } from "../networks/lenet.ts";
import type { Workload } from "./workload.ts";

/** W1: one training step of LeNet: what overhead costs. */
export const lenetSteps: readonly Workload[] = [4, 64].map((batch) => ({
  group: "W1",
  title: `LeNet training step, batch ${batch}`,
  network: lenet,
  task: "step",
  batch,
  learningRate: 0.001,
  momentum: 0.9,
}));
