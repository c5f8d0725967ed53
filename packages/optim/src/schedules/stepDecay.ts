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
 */
export function stepDecay({ stepSize, gamma = 0.1 }: StepDecayOptions): Schedule {
  return (step, base) => base * gamma ** Math.floor(step / stepSize);
}
