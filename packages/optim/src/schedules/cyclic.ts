import type { Schedule } from "./schedule.ts";

/** Options of {@link cyclic}. */
export interface CyclicOptions {
  /** The highest rate. */
  readonly maxRate: number;
  /** The lowest rate. Default: the group's own. */
  readonly baseRate?: number;
  /** Steps from the lowest rate to the highest. Default 2000. */
  readonly stepSizeUp?: number;
  /** Steps from the highest rate to the lowest. Default: `stepSizeUp`. */
  readonly stepSizeDown?: number;
  /** Whether the height of the cycles stays, is halved with each, or shrinks by `gamma` with each step. Default `triangular`. */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** Default 1. */
  readonly gamma?: number;
  /** Whether momentum, or β₁, moves against the rate. Default `true`. */
  readonly cycleMomentum?: boolean;
  /** The momentum at the highest rate. Default 0.8. */
  readonly baseMomentum?: number;
  /** The momentum at the lowest rate. Default 0.9. */
  readonly maxMomentum?: number;
}

/**
 * Up and down along lines between baseRate and maxRate, again and again, while momentum goes down and up.
 * Source: Smith 2017, https://arxiv.org/abs/1506.01186;
 * https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html
 *
 * @example
 * ```ts
 * import { cyclic } from "@graftjs/optim";
 *
 * const rate = cyclic({ baseRate: 0, maxRate: 1, stepSizeUp: 2, cycleMomentum: false });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [0, 0.5, 1, 0.5, 0]
 * ```
 */
export function cyclic(options: CyclicOptions): Schedule {
  const { maxRate, baseRate, stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = "triangular", gamma = 1 } = options;
  const { cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
  const length = stepSizeUp + stepSizeDown;
  /** How far the rate is from the lowest to the highest. */
  const height = (step: number): number => {
    const cycle = Math.floor(step / length);
    const at = (step - cycle * length) / length;
    const up = stepSizeUp / length;
    const triangle = at <= up ? at / up : (at - 1) / (up - 1);
    return triangle * (mode === "triangular" ? 1 : mode === "triangular2" ? 0.5 ** cycle : gamma ** step);
  };
  const schedule = (step: number, base: number): number => {
    const low = baseRate ?? base;
    return low + (maxRate - low) * height(step);
  };
  if (!cycleMomentum) return schedule;
  const momentum = (step: number): number => maxMomentum - (maxMomentum - baseMomentum) * height(step);
  return Object.assign(schedule, { momentum });
}
