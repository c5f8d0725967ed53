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
 */
export function constant(options: ConstantOptions = {}): Schedule {
  const { factor = 1, steps = Number.POSITIVE_INFINITY } = options;
  return (step, base) => (step < steps ? base * factor : base);
}
