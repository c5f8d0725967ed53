import type { Schedule } from "./schedule.ts";

/** Options of {@link linear}. */
export interface LinearOptions {
  /** Default 1/3. */
  readonly startFactor?: number;
  /** Default 1. */
  readonly endFactor?: number;
  /** Default 5. */
  readonly steps?: number;
}

/**
 * From base · startFactor to base · endFactor along a line, which it then keeps.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 *
 * @example
 * ```ts
 * import { linear } from "@graftjs/optim";
 *
 * const rate = linear({ startFactor: 0.5, steps: 2 });
 * console.log([0, 1, 2, 3].map((step) => rate(step, 1))); // [0.5, 0.75, 1, 1]
 * ```
 */
export function linear({ startFactor = 1 / 3, endFactor = 1, steps = 5 }: LinearOptions = {}): Schedule {
  return (step, base) => base * (startFactor + (endFactor - startFactor) * Math.min(1, step / steps));
}
