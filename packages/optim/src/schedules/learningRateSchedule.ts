import { ArgumentError } from "@graftjs/tensor";
import { OptimizerStateError } from "../errors.ts";
import type { OptimizerLike } from "../optimizer.ts";
import type { Schedule } from "./schedule.ts";

/** Where a schedule stands. Plain JSON. */
export interface ScheduleState {
  readonly step: number;
  readonly baseRates: readonly number[];
  /** The momenta of the groups, where a schedule drives them too. */
  readonly baseMomenta?: readonly number[];
}

/**
 * Sets the learning rates of an optimiser's groups, and the momenta where a schedule says them, step by step. Made when
 * the groups have their base rates, it sets those of step 0 at once; `step()` is called after each `optimizer.step()`, or
 * after each epoch, and outside of compiled functions, which follow without another trace.
 *
 * Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 *
 * @example
 * ```ts
 * import { Linear } from "@graftjs/nn";
 * import { LearningRateSchedule, SGD, warmupLinear } from "@graftjs/optim";
 *
 * const optimizer = new SGD(new Linear(2, 2).parameters(), { learningRate: 0.1 });
 * const schedule = new LearningRateSchedule(optimizer, warmupLinear({ warmup: 2, steps: 4 }));
 * schedule.step();
 * console.log(optimizer.groups[0]?.learningRate); // 0.05
 * ```
 */
export class LearningRateSchedule {
  readonly #optimizer: Pick<OptimizerLike, "groups">;
  readonly #schedules: readonly Schedule[];
  #baseRates: readonly number[];
  /** NaN where there is none. */
  #baseMomenta: readonly number[];
  #step = 0;

  /**
   * @param schedule one for all groups, or one a group.
   * @throws {ArgumentError} if their number differs, or one drives a momentum that the optimiser does not have.
   */
  constructor(optimizer: Pick<OptimizerLike, "groups">, schedule: Schedule | readonly Schedule[]) {
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
    if (this.#schedules.some((s, i) => s.momentum && groups[i]?.momentum === undefined)) {
      throw new ArgumentError({
        op: "LearningRateSchedule",
        expected: "an optimiser with momentum or betas, for a schedule that drives them",
        got: "one without",
        help: "Make the schedule with { cycleMomentum: false }.",
      });
    }
    this.#baseRates = groups.map((group) => group.learningRate);
    this.#baseMomenta = groups.map((group) => group.momentum ?? Number.NaN);
    this.#set();
  }

  /** Goes on to the next step's rates. */
  step(): void {
    this.#step++;
    this.#set();
  }

  stateDict(): ScheduleState {
    const drives = this.#schedules.some((s) => s.momentum);
    return { step: this.#step, baseRates: this.#baseRates, ...(drives && { baseMomenta: this.#baseMomenta }) };
  }

  /** Goes on from a saved state. @throws {OptimizerStateError} if it has another number of groups. */
  loadStateDict({ step, baseRates, baseMomenta = this.#baseMomenta }: ScheduleState): void {
    if (baseRates.length !== this.#baseRates.length) {
      throw new OptimizerStateError(
        `loadStateDict: expected the base rates of ${this.#baseRates.length} groups, got ${baseRates.length}.`,
      );
    }
    this.#step = step;
    this.#baseRates = baseRates;
    this.#baseMomenta = baseMomenta;
    this.#set();
  }

  #set(): void {
    this.#schedules.forEach((schedule, i) => {
      const group = this.#optimizer.groups[i];
      if (!group) return;
      group.learningRate = schedule(this.#step, this.#baseRates[i] as number);
      if (schedule.momentum) group.momentum = schedule.momentum(this.#step, this.#baseMomenta[i] as number);
    });
  }
}
