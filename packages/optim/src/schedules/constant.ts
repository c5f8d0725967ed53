import type { Schedule } from "./schedule.ts";

/** Options of {@link constant}. */
export interface ConstantOptions {
  /** Default 1. */
  readonly factor?: number;
  /** How many steps `factor` is in force. Default: for ever. */
  readonly steps?: number;
}

/**
 * base · factor for the first steps, base afterwards.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html
 *
 * @example
 * ```ts
 * import { constant } from "@graftjs/optim";
 *
 * const rate = constant({ factor: 0.5, steps: 2 });
 * console.log([0, 1, 2].map((step) => rate(step, 1))); // [0.5, 0.5, 1]
 * ```
 */
export function constant(options: ConstantOptions = {}): Schedule {
  const { factor = 1, steps = Number.POSITIVE_INFINITY } = options;
  return (step, base) => (step < steps ? base * factor : base);
}
