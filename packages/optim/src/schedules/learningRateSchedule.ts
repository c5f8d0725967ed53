import { ArgumentError } from "@graftjs/tensor";
import { OptimizerStateError } from "../errors.ts";
import type { GroupOptions } from "../group.ts";
import type { Optimizer } from "../optimizer.ts";
import type { Schedule } from "./schedule.ts";

/** Where a schedule stands. Plain JSON. */
export interface ScheduleState {
  readonly step: number;
  readonly baseRates: readonly number[];
}

/**
 * Sets the learning rates of an optimiser's groups step by step. Made when the groups have their base rates, it sets those
 * of step 0 at once; `step()` is called after each `optimizer.step()`, or after each epoch, and outside of compiled functions.
 *
 * Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export class LearningRateSchedule<Options extends GroupOptions = GroupOptions> {
  readonly #optimizer: Optimizer<Options>;
  readonly #schedules: readonly Schedule[];
  #baseRates: readonly number[];
  #step = 0;

  /** @param schedule one for all groups, or one a group. @throws {ArgumentError} if their number differs. */
  constructor(optimizer: Optimizer<Options>, schedule: Schedule | readonly Schedule[]) {
    const { groups } = optimizer;
    this.#optimizer = optimizer;
    this.#schedules = typeof schedule === "function" ? groups.map(() => schedule) : schedule;
    if (this.#schedules.length !== groups.length) {
      throw new ArgumentError({
        op: "LearningRateSchedule",
        expected: `one schedule, or one for each of ${groups.length} groups`,
        got: String(this.#schedules.length),
      });
    }
    this.#baseRates = groups.map((group) => group.learningRate);
    this.#set();
  }

  /** Goes on to the next step's rates. */
  step(): void {
    this.#step++;
    this.#set();
  }

  stateDict(): ScheduleState {
    return { step: this.#step, baseRates: this.#baseRates };
  }

  /** Goes on from a saved state. @throws {OptimizerStateError} if it has another number of groups. */
  loadStateDict({ step, baseRates }: ScheduleState): void {
    if (baseRates.length !== this.#baseRates.length) {
      throw new OptimizerStateError(
        `loadStateDict: expected the base rates of ${this.#baseRates.length} groups, got ${baseRates.length}.`,
      );
    }
    this.#step = step;
    this.#baseRates = baseRates;
    this.#set();
  }

  #set(): void {
    this.#optimizer.groups.forEach((group, i) => {
      const base = this.#baseRates[i];
      if (base !== undefined) group.learningRate = (this.#schedules[i] as Schedule)(this.#step, base);
    });
  }
}
