import type { Schedule } from "./schedule.ts";

/** Options of {@link cosineRestarts}. */
export interface CosineRestartsOptions {
  /** Length of the first cycle. */
  readonly steps: number;
  /** How many times longer each cycle is than the one before. Default 1. */
  readonly factor?: number;
  /** Default 0. */
  readonly minimum?: number;
}

/**
 * {@link cosine} that starts anew at the base rate after each cycle.
 * Source: Loshchilov & Hutter 2017, https://arxiv.org/abs/1608.03983;
 * https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 *
 * @example
 * ```ts
 * import { cosineRestarts } from "@graftjs/optim";
 *
 * const rate = cosineRestarts({ steps: 2, factor: 2 });
 * console.log([0, 1, 2, 3, 4, 5, 6].map((step) => rate(step, 1))); // [1, 0.5, 1, 0.8536, 0.5, 0.1464, 1]
 * ```
 */
export function cosineRestarts({ steps, factor = 1, minimum = 0 }: CosineRestartsOptions): Schedule {
  return (step, base) => {
    let [length, at] = [steps, step];
    for (; at >= length; length *= factor) at -= length;
    return minimum + ((base - minimum) * (1 + Math.cos((Math.PI * at) / length))) / 2;
  };
}
