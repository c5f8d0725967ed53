import { ArgumentError } from "@graftjs/tensor";
import type { Schedule } from "./schedule.ts";

/**
 * One schedule after the other: each counts its steps from its own milestone.
 * @param milestones first steps of all schedules but the first, ascending. @throws {ArgumentError} if their number does not fit.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 *
 * @example
 * ```ts
 * import { exponential, linear, sequential } from "@graftjs/optim";
 *
 * const rate = sequential([linear({ startFactor: 0.5, steps: 2 }), exponential({ gamma: 0.5 })], [2]);
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [0.5, 0.75, 1, 0.5, 0.25]
 * ```
 */
export function sequential(schedules: readonly Schedule[], milestones: readonly number[]): Schedule {
  if (schedules.length !== milestones.length + 1) {
    throw new ArgumentError({
      op: "sequential",
      expected: "one milestone fewer than schedules",
      got: `${milestones.length} for ${schedules.length}`,
    });
  }
  /** The schedule in force, and how many steps it has been. */
  const at = (step: number): { readonly current: Schedule; readonly since: number } => {
    const i = milestones.filter((m) => step >= m).length;
    return { current: schedules[i] as Schedule, since: step - (milestones[i - 1] ?? 0) };
  };
  const schedule = (step: number, base: number): number => {
    const { current, since } = at(step);
    return current(since, base);
  };
  if (!schedules.some((s) => s.momentum)) return schedule;
  const momentum = (step: number, base: number): number => {
    const { current, since } = at(step);
    return current.momentum?.(since, base) ?? base;
  };
  return Object.assign(schedule, { momentum });
}
