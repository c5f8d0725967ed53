import type { Schedule } from "./schedule.ts";

/**
 * base · gamma^step.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 *
 * @example
 * ```ts
 * import { exponential } from "@graftjs/optim";
 *
 * const rate = exponential({ gamma: 0.5 });
 * console.log([0, 1, 2].map((step) => rate(step, 1))); // [1, 0.5, 0.25]
 * ```
 */
export function exponential({ gamma }: { readonly gamma: number }): Schedule {
  return (step, base) => base * gamma ** step;
}
