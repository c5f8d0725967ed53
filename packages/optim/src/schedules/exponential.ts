import type { Schedule } from "./schedule.ts";

/**
 * base · gamma^step.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export function exponential({ gamma }: { readonly gamma: number }): Schedule {
  return (step, base) => base * gamma ** step;
}
