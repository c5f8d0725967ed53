import type { Network } from "../networks/network.ts";

/** The jobs of the benchmark, by what they show. */
export type Group = "W1" | "W2" | "W3" | "W4" | "W5";

/** One job, as plain data: contenders in other languages read it as JSON. */
export interface Workload {
  readonly group: Group;
  readonly title: string;
  readonly network: Network;
  /**
   * - `step`: forward in training mode, mean cross-entropy, backward, SGD with momentum, and the loss read as a number.
   * - `features`: forward of the features in evaluation mode without gradients, and their mean read as a number.
   */
  readonly task: "step" | "features";
  readonly batch: number;
  readonly learningRate: number;
  readonly momentum: number;
}

/** [N, C, H, W] of a batch of images, [N, L] of texts. */
export function inputShape({ batch, network }: Workload): number[] {
  return [batch, ...network.input];
}
