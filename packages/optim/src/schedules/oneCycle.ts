import { ArgumentError } from "@graftjs/tensor";
import type { Schedule } from "./schedule.ts";

/** Options of {@link oneCycle}. */
export interface OneCycleOptions {
  /** All steps of the cycle; afterwards the last rate stays. */
  readonly steps: number;
  /** The highest rate. Default: the group's own. */
  readonly maxRate?: number;
  /** Share of the steps in which the rate rises, in [0, 1]. Default 0.3. */
  readonly pctStart?: number;
  /** Along half a cosine, or a line. Default `cos`. */
  readonly annealStrategy?: "cos" | "linear";
  /** How many times smaller than the highest the first rate is. Default 25. */
  readonly divFactor?: number;
  /** How many times smaller than the first the last rate is. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Whether the rate falls to the first one as fast as it rose, and only then to the last. Default `false`. */
  readonly threePhase?: boolean;
  /** Whether momentum, or β₁, moves against the rate. Default `true`. */
  readonly cycleMomentum?: boolean;
  /** The momentum at the highest rate. Default 0.85. */
  readonly baseMomentum?: number;
  /** The momentum at the lowest rates. Default 0.95. */
  readonly maxMomentum?: number;
}

/** A stretch of the cycle that ends at step `end`. */
interface Phase {
  readonly end: number;
  readonly rate: readonly [from: "first" | "max", to: "first" | "max" | "last"];
  readonly momentum: readonly [from: "base" | "max", to: "base" | "max"];
}

/**
 * The 1cycle policy: from maxRate / divFactor up to maxRate, then down to maxRate / divFactor / finalDivFactor, while
 * momentum goes down and up. Unlike PyTorch's, it may go on past its steps, and keeps the last rate then.
 * @throws {ArgumentError} unless steps >= 1 and pctStart is in [0, 1].
 * Source: Smith & Topin 2018, https://arxiv.org/abs/1708.07120;
 * https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 *
 * @example
 * ```ts
 * import { oneCycle } from "@graftjs/optim";
 *
 * const rate = oneCycle({ steps: 5, maxRate: 1, pctStart: 0.6, annealStrategy: "linear" });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [0.04, 0.52, 1, 0.5, 0.0000]
 * ```
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { steps, maxRate, pctStart = 0.3, annealStrategy = "cos", divFactor = 25, finalDivFactor = 1e4 } = options;
  const { threePhase = false, cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95 } = options;
  if (!(steps >= 1)) throw new ArgumentError({ op: "oneCycle", expected: "steps >= 1", got: String(steps) });
  if (!(pctStart >= 0 && pctStart <= 1)) {
    throw new ArgumentError({ op: "oneCycle", expected: "pctStart in [0, 1]", got: String(pctStart) });
  }
  const up: Phase = { end: pctStart * steps - 1, rate: ["first", "max"], momentum: ["max", "base"] };
  const phases: readonly Phase[] = threePhase
    ? [
        up,
        { end: 2 * pctStart * steps - 2, rate: ["max", "first"], momentum: ["base", "max"] },
        { end: steps - 1, rate: ["first", "last"], momentum: ["max", "max"] },
      ]
    : [up, { end: steps - 1, rate: ["max", "last"], momentum: ["base", "max"] }];
  const anneal = (from: number, to: number, done: number): number =>
    annealStrategy === "cos" ? to + ((from - to) / 2) * (Math.cos(Math.PI * done) + 1) : from + (to - from) * done;
  /** The phase that a step is in, and how much of it is done. */
  const at = (step: number): { readonly phase: Phase; readonly done: number } => {
    const now = Math.min(step, steps - 1);
    const i = phases.findIndex((p, j) => now <= p.end || j === phases.length - 1);
    const phase = phases[i] as Phase;
    const start = phases[i - 1]?.end ?? 0;
    return { phase, done: phase.end === start ? 1 : (now - start) / (phase.end - start) };
  };
  const schedule = (step: number, base: number): number => {
    const max = maxRate ?? base;
    const rates = { first: max / divFactor, max, last: max / divFactor / finalDivFactor };
    const { phase, done } = at(step);
    return anneal(rates[phase.rate[0]], rates[phase.rate[1]], done);
  };
  if (!cycleMomentum) return schedule;
  const momenta = { base: baseMomentum, max: maxMomentum };
  const momentum = (step: number): number => {
    const { phase, done } = at(step);
    return anneal(momenta[phase.momentum[0]], momenta[phase.momentum[1]], done);
  };
  return Object.assign(schedule, { momentum });
}
