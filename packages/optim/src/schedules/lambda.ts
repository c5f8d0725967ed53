import type { Schedule } from "./schedule.ts";

/**
 * base · factor(step).
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export function lambda(factor: (step: number) => number): Schedule {
  return (step, base) => base * factor(step);
}
