import type { Schedule } from "./schedule.ts";

/**
 * base · factor(1) · factor(2) · … · factor(step).
 * @param factor a pure function; products are kept, so that each is asked for once.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html
 *
 * @example
 * ```ts
 * import { multiplicative } from "@graftjs/optim";
 *
 * const rate = multiplicative(() => 0.5);
 * console.log([0, 1, 2].map((step) => rate(step, 1))); // [1, 0.5, 0.25]
 * ```
 */
export function multiplicative(factor: (step: number) => number): Schedule {
  const products = [1];
  return (step, base) => {
    for (let i = products.length; i <= step; i++) products.push((products[i - 1] as number) * factor(i));
    return base * (products[step] as number);
  };
}
