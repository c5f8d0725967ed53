import { bertMini } from "../networks/bertMini.ts";
import { vitTiny } from "../networks/vitTiny.ts";
import type { Workload } from "./workload.ts";

/** W4: one step of training a transformer. */
export const transformerSteps: readonly Workload[] = [
  { network: vitTiny, size: "224²" },
  { network: bertMini, size: "128 tokens" },
].map(({ network, size }) => ({
  group: "W4",
  title: `${network.name} training step, ${size}, batch 8`,
  network,
  task: "step",
  batch: 8,
  learningRate: 0.001,
  momentum: 0.9,
}));
