import { readFileSync } from "node:fs";
import { tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import * as optim from "../index.ts";

interface ScheduleCase {
  readonly schedule: string;
  readonly args: object;
  readonly rates: readonly number[];
  readonly momenta?: readonly number[];
}

interface PlateauCase {
  readonly options: object;
  readonly metrics: readonly number[];
  readonly rates: readonly number[];
}

const exported: Readonly<Record<string, unknown>> = { ...optim };

/** Schedules that take functions or schedules, by the name of their golden. */
const composed: Readonly<Record<string, optim.Schedule>> = {
  "lambda 1 / (1 + step)": optim.lambda((step) => 1 / (1 + step)),
  "multiplicative 1 - 1 / (2 + step)": optim.multiplicative((step) => 1 - 1 / (2 + step)),
  "sequential linear, exponential, stepDecay": optim.sequential(
    [
      optim.linear({ startFactor: 0.1, steps: 5 }),
      optim.exponential({ gamma: 0.9 }),
      optim.stepDecay({ stepSize: 4, gamma: 0.5 }),
    ],
    [5, 15],
  ),
  "chained constant, exponential, stepDecay": optim.chained([
    optim.constant({ factor: 0.1, steps: 4 }),
    optim.exponential({ gamma: 0.9 }),
    optim.stepDecay({ stepSize: 7, gamma: 0.5 }),
  ]),
};

const { cases, plateaus } = JSON.parse(
  readFileSync(new URL("../../../../fixtures/nn/schedules.json", import.meta.url), "utf8"),
) as { readonly cases: readonly ScheduleCase[]; readonly plateaus: readonly PlateauCase[] };

function sgd(): optim.SGD {
  return new optim.SGD([tensor([0], [1], { requiresGrad: true })], { learningRate: 0.1, momentum: 0.9 });
}

describe("thirty rates, and momenta, equal PyTorch's", () => {
  test.each(cases.map((c) => [`${c.schedule} ${JSON.stringify(c.args)}`, c] as const))("%s", (_, c) => {
    const schedule = composed[c.schedule] ?? (exported[c.schedule] as (args: object) => optim.Schedule)(c.args);
    for (const [i, rate] of c.rates.entries()) expect(schedule(i, 0.1), `rate of step ${i}`).toBeCloseTo(rate, 12);
    expect(schedule.momentum !== undefined).toBe(c.momenta !== undefined);
    for (const [i, momentum] of c.momenta?.entries() ?? []) {
      expect(schedule.momentum?.(i, 0.9), `momentum of step ${i}`).toBeCloseTo(momentum, 12);
    }
  });

  test("every schedule of PyTorch has a golden", () => {
    const covered = cases.map((c) => c.schedule.split(" ")[0]);
    const names = Object.keys(exported).filter((name) => /^[a-z]/.test(name) && !/^clip|^update|^warmup/.test(name));
    expect(names.filter((name) => !covered.includes(name))).toEqual([]);
  });
});

describe("reductions on plateaus equal PyTorch's", () => {
  test.each(plateaus.map((c) => [JSON.stringify(c.options), c] as const))("%s", (_, c) => {
    let optimizer = sgd();
    let plateau = new optim.ReduceOnPlateau(optimizer, c.options);
    for (const [i, metric] of c.metrics.entries()) {
      plateau.step(metric);
      expect(optimizer.groups[0]?.learningRate, `rate after step ${i}`).toBeCloseTo(c.rates[i] as number, 12);
      // Going on from what was saved makes no difference.
      const saved = JSON.stringify([optimizer.stateDict().groups, plateau.stateDict()]);
      const [groups, state] = JSON.parse(saved) as [optim.OptimizerState["groups"], optim.PlateauState];
      optimizer = sgd();
      plateau = new optim.ReduceOnPlateau(optimizer, c.options);
      optimizer.loadStateDict({ tensors: {}, groups });
      plateau.loadStateDict(state);
    }
  });
});
