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
 *
 * @example
 * ```ts
 * import { polynomial } from "@graftjs/optim";
 *
 * const rate = polynomial({ steps: 4, power: 2 });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [1, 0.5625, 0.25, 0.0625, 0]
 * ```
 */
export function polynomial({ steps, power = 1 }: PolynomialOptions): Schedule {
  return (step, base) => base * (1 - Math.min(1, step / steps)) ** power;
}
