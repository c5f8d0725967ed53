import type { Schedule } from "./schedule.ts";

/** Options of {@link multiStep}. */
export interface MultiStepOptions {
  /** Steps from which on the rate is gamma times smaller. */
  readonly milestones: readonly number[];
  /** Default 0.1. */
  readonly gamma?: number;
}

/**
 * base · gamma^(number of milestones reached).
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 *
 * @example
 * ```ts
 * import { multiStep } from "@graftjs/optim";
 *
 * const rate = multiStep({ milestones: [1, 3] });
 * console.log([0, 1, 2, 3].map((step) => rate(step, 1))); // [1, 0.1, 0.1, 0.01]
 * ```
 */
export function multiStep({ milestones, gamma = 0.1 }: MultiStepOptions): Schedule {
  return (step, base) => base * gamma ** milestones.filter((m) => step >= m).length;
}
