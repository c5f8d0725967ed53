import type { Schedule } from "./schedule.ts";

/**
 * Schedules on top of each other: what one makes of the base is the base of the next, so that factors multiply.
 * Equal to PyTorch's for schedules that scale the base; where one has a `minimum`, PyTorch's depends on what came before.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html
 *
 * @example
 * ```ts
 * import { chained, constant, exponential } from "@graftjs/optim";
 *
 * const rate = chained([constant({ factor: 0.5, steps: 2 }), exponential({ gamma: 0.1 })]);
 * console.log([0, 1, 2].map((step) => rate(step, 1))); // [0.5, 0.05, 0.01]
 * ```
 */
export function chained(schedules: readonly Schedule[]): Schedule {
  const schedule = (step: number, base: number): number => schedules.reduce((rate, next) => next(step, rate), base);
  if (!schedules.some((s) => s.momentum)) return schedule;
  const momentum = (step: number, base: number): number =>
    schedules.reduce((value, next) => next.momentum?.(step, value) ?? value, base);
  return Object.assign(schedule, { momentum });
}
