import {
  constant,
  cosine,
  cosineRestarts,
  exponential,
  LearningRateSchedule,
  linear,
  multiStep,
  polynomial,
  type Schedule,
  SGD,
  sequential,
  stepDecay,
  warmupCosine,
  warmupLinear,
} from "@graftjs/optim";
import { tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { goldenJson } from "./files.ts";

interface Case {
  readonly scheduler: string;
  readonly args: Readonly<Record<string, number>> & { readonly milestones?: readonly number[] };
  readonly base_lr: number;
  readonly lr: readonly number[];
  readonly lr_after: number;
}

type Args = Case["args"];

/** Options under PyTorch's words, without those that are not given. */
function pick(args: Args, words: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([theirs, ours]) => {
      const value = args[theirs];
      return value === undefined ? [] : [[ours, value]];
    }),
  );
}

const schedules: Readonly<Record<string, (args: Args) => Schedule>> = {
  StepLR: ({ step_size = 0, gamma = 0 }) => stepDecay({ stepSize: step_size, gamma }),
  MultiStepLR: ({ milestones, gamma = 0 }) => multiStep({ milestones: milestones as readonly number[], gamma }),
  ExponentialLR: ({ gamma = 0 }) => exponential({ gamma }),
  CosineAnnealingLR: ({ T_max = 0, ...args }) =>
    cosine({ steps: T_max, ...pick(args as Args, { eta_min: "minimum" }) }),
  CosineAnnealingWarmRestarts: ({ T_0 = 0, ...args }) =>
    cosineRestarts({ steps: T_0, ...pick(args as Args, { T_mult: "factor", eta_min: "minimum" }) }),
  LinearLR: (args) =>
    linear(pick(args, { start_factor: "startFactor", end_factor: "endFactor", total_iters: "steps" })),
  ConstantLR: (args) => constant(pick(args, { factor: "factor", total_iters: "steps" })),
  PolynomialLR: ({ total_iters = 0, ...args }) =>
    polynomial({ steps: total_iters, ...pick(args as Args, { power: "power" }) }),
  SequentialLR: () => sequential([linear({ startFactor: 0.1, steps: 5 }), cosine({ steps: 25 })], [5]),
  hf_linear_with_warmup: ({ num_warmup_steps = 0, num_training_steps = 0 }) =>
    warmupLinear({ warmup: num_warmup_steps, steps: num_training_steps }),
  hf_cosine_with_warmup: ({ num_warmup_steps = 0, num_training_steps = 0 }) =>
    warmupCosine({ warmup: num_warmup_steps, steps: num_training_steps }),
};

/** Thirty steps of each schedule. */
export function scheduleSuite(): void {
  const { cases } = goldenJson<{ cases: readonly Case[] }>("schedulers.json");
  const known = cases.filter((c) => Object.hasOwn(schedules, c.scheduler));
  test.each(known.map((c) => [`${c.scheduler} ${JSON.stringify(c.args)}`, c] as const))("%s", (_, c) => {
    const optimizer = new SGD([tensor([0], [1], { requiresGrad: true })], { learningRate: c.base_lr });
    const schedule = new LearningRateSchedule(optimizer, (schedules[c.scheduler] as (args: Args) => Schedule)(c.args));
    const rates = c.lr.map(() => {
      const rate = optimizer.groups[0]?.learningRate as number;
      schedule.step();
      return rate;
    });
    for (const [i, rate] of rates.entries()) expect(rate, `rate of step ${i}`).toBeCloseTo(c.lr[i] as number, 12);
    expect(optimizer.groups[0]?.learningRate).toBeCloseTo(c.lr_after, 12);
  });
}
