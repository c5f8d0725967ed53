import type { Schedule } from "./schedule.ts";

/**
 * base · factor(step).
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 *
 * @example
 * ```ts
 * import { lambda } from "@graftjs/optim";
 *
 * const rate = lambda((step) => 1 / (step + 1));
 * console.log([0, 1, 2].map((step) => rate(step, 1))); // [1, 0.5, 0.3333]
 * ```
 */
export function lambda(factor: (step: number) => number): Schedule {
  return (step, base) => base * factor(step);
}
