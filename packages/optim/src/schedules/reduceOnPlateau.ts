import { ArgumentError } from "@graftjs/tensor";
import { OptimizerStateError } from "../errors.ts";
import type { OptimizerLike } from "../optimizer.ts";

/** Options of {@link ReduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** Whether the metric is to fall or to rise. Default `min`. */
  readonly mode?: "min" | "max";
  /** What rates are multiplied with, < 1. Default 0.1. */
  readonly factor?: number;
  /** How many steps in a row may bring nothing better before rates are reduced. Default 10. */
  readonly patience?: number;
  /** How much better is better. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best metric, or a difference to it. Default `rel`. */
  readonly thresholdMode?: "rel" | "abs";
  /** Steps after a reduction that do not count. Default 0. */
  readonly cooldown?: number;
  /** The smallest rate, of all groups or of each. Default 0. */
  readonly minimum?: number | readonly number[];
  /** A reduction that is not larger is left out. Default 1e-8. */
  readonly eps?: number;
}

/** Where a {@link ReduceOnPlateau} stands. Plain JSON. */
export interface PlateauState {
  readonly steps: number;
  /** The best metric so far; null before the first. */
  readonly best: number | null;
  readonly bad: number;
  readonly cooldown: number;
}

/**
 * Multiplies the learning rates of all groups by `factor` when a metric has stopped improving. The rates themselves are
 * part of the optimiser's state. Not to be used beside a {@link LearningRateSchedule}, which sets the rates too.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 *
 * @example
 * ```ts
 * import { Linear } from "@graftjs/nn";
 * import { ReduceOnPlateau, SGD } from "@graftjs/optim";
 *
 * const optimizer = new SGD(new Linear(2, 2).parameters(), { learningRate: 0.1 });
 * const plateau = new ReduceOnPlateau(optimizer, { patience: 1, factor: 0.5 });
 * for (const loss of [1, 0.9, 0.9, 0.9]) plateau.step(loss);
 * console.log(optimizer.groups[0]?.learningRate); // 0.05
 * ```
 */
export class ReduceOnPlateau {
  readonly #optimizer: Pick<OptimizerLike, "groups">;
  readonly #options: Required<ReduceOnPlateauOptions>;
  #state: PlateauState = { steps: 0, best: null, bad: 0, cooldown: 0 };

  /** @throws {ArgumentError} unless factor < 1, and if there is not one minimum a group. */
  constructor(optimizer: Pick<OptimizerLike, "groups">, options: ReduceOnPlateauOptions = {}) {
    this.#optimizer = optimizer;
    this.#options = {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minimum: 0,
      eps: 1e-8,
      ...options,
    };
    const { factor, minimum } = this.#options;
    if (!(factor < 1)) {
      throw new ArgumentError({ op: "ReduceOnPlateau", expected: "factor < 1", got: String(factor) });
    }
    if (typeof minimum !== "number" && minimum.length !== optimizer.groups.length) {
      throw new ArgumentError({
        op: "ReduceOnPlateau",
        expected: `one minimum, or one for each of ${optimizer.groups.length} groups`,
        got: String(minimum.length),
      });
    }
  }

  /** Takes the metric of an epoch, and reduces the rates if it has not improved for too long. */
  step(metric: number): void {
    const { patience, cooldown } = this.#options;
    const { steps, best } = this.#state;
    const better = this.#isBetter(metric);
    // Steps of the cooldown do not count.
    const bad = better || this.#state.cooldown > 0 ? 0 : this.#state.bad + 1;
    const reduce = bad > patience;
    if (reduce) this.#reduce();
    this.#state = {
      steps: steps + 1,
      best: better ? metric : best,
      bad: reduce ? 0 : bad,
      cooldown: reduce ? cooldown : Math.max(0, this.#state.cooldown - 1),
    };
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const sign = mode === "min" ? -1 : 1;
    const best = this.#state.best ?? -sign * Number.POSITIVE_INFINITY;
    const bound = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < bound : metric > bound;
  }

  #reduce(): void {
    const { factor, minimum, eps } = this.#options;
    this.#optimizer.groups.forEach((group, i) => {
      const lowest = typeof minimum === "number" ? minimum : (minimum[i] ?? 0);
      const rate = Math.max(group.learningRate * factor, lowest);
      if (group.learningRate - rate > eps) group.learningRate = rate;
    });
  }

  stateDict(): PlateauState {
    return this.#state;
  }

  /** Goes on from a saved state. @throws {OptimizerStateError} if it is none. */
  loadStateDict(state: PlateauState): void {
    const { steps, best, bad, cooldown } = state;
    if (![steps, bad, cooldown].every(Number.isInteger) || (best !== null && typeof best !== "number")) {
      throw new OptimizerStateError(
        `loadStateDict: expected { steps, best, bad, cooldown }, got ${JSON.stringify(state)}.`,
      );
    }
    this.#state = { steps, best, bad, cooldown };
  }
}
