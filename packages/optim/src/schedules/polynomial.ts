import type { Schedule } from "./schedule.ts";

/** Options of {@link polynomial}. */
export interface PolynomialOptions {
  /** Steps until the rate is 0. */
  readonly steps: number;
  /** Default 1. */
  readonly power?: number;
}

/**
 * base · (1 - step / steps)^power, then 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html
 */
export function polynomial({ steps, power = 1 }: PolynomialOptions): Schedule {
  return (step, base) => base * (1 - Math.min(1, step / steps)) ** power;
}
