import { ArgumentError } from "@graftjs/tensor";
import type { Schedule } from "./schedule.ts";

/**
 * One schedule after the other: each counts its steps from its own milestone.
 * @param milestones first steps of all schedules but the first, ascending. @throws {ArgumentError} if their number does not fit.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 */
export function sequential(schedules: readonly Schedule[], milestones: readonly number[]): Schedule {
  if (schedules.length !== milestones.length + 1) {
    throw new ArgumentError({
      op: "sequential",
      expected: "one milestone fewer than schedules",
      got: `${milestones.length} for ${schedules.length}`,
    });
  }
  return (step, base) => {
    const current = milestones.filter((m) => step >= m).length;
    const start = current === 0 ? 0 : (milestones[current - 1] as number);
    return (schedules[current] as Schedule)(step - start, base);
  };
}
