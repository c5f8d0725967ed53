import type { Schedule } from "./schedule.ts";

/**
 * Schedules on top of each other: what one makes of the base is the base of the next, so that factors multiply.
 * Equal to PyTorch's for schedules that scale the base; where one has a `minimum`, PyTorch's depends on what came before.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html
 */
export function chained(schedules: readonly Schedule[]): Schedule {
  const schedule = (step: number, base: number): number => schedules.reduce((rate, next) => next(step, rate), base);
  if (!schedules.some((s) => s.momentum)) return schedule;
  const momentum = (step: number, base: number): number =>
    schedules.reduce((value, next) => next.momentum?.(step, value) ?? value, base);
  return Object.assign(schedule, { momentum });
}
