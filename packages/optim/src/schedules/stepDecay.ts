import type { Schedule } from "./schedule.ts";

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  readonly stepSize: number;
  /** Default 0.1. */
  readonly gamma?: number;
}

/**
 * base · gamma^⌊step / stepSize⌋.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 *
 * @example
 * ```ts
 * import { stepDecay } from "@graftjs/optim";
 *
 * const rate = stepDecay({ stepSize: 2 });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [1, 1, 0.1, 0.1, 0.01]
 * ```
 */
export function stepDecay({ stepSize, gamma = 0.1 }: StepDecayOptions): Schedule {
  return (step, base) => base * gamma ** Math.floor(step / stepSize);
}
