import {
  type CyclicOptions,
  chained,
  constant,
  cosine,
  cosineRestarts,
  cyclic,
  exponential,
  LearningRateSchedule,
  linear,
  multiplicative,
  multiStep,
  oneCycle,
  polynomial,
  ReduceOnPlateau,
  type Schedule,
  SGD,
  sequential,
  stepDecay,
  warmupCosine,
  warmupInverseSqrt,
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
  readonly momentum?: readonly number[];
  /** What a reduction on plateaus is given. */
  readonly metric?: readonly number[];
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

/** All options under their names in camelCase, the rates in our words. */
function camelCased({ max_lr, base_lr, ...args }: Args): Record<string, unknown> {
  const camelCase = (name: string): string => name.replace(/_[a-z]/g, (part) => part.slice(1).toUpperCase());
  return {
    ...(max_lr !== undefined && { maxRate: max_lr }),
    ...(base_lr !== undefined && { baseRate: base_lr }),
    ...Object.fromEntries(Object.entries(args).map(([name, value]) => [camelCase(name), value])),
  };
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
  OneCycleLR: ({ total_steps = 0, ...args }) => oneCycle({ steps: total_steps, ...camelCased(args as Args) }),
  CyclicLR: (args) => cyclic(camelCased(args) as unknown as CyclicOptions),
  ChainedScheduler: () => chained([constant({ factor: 0.1, steps: 4 }), exponential({ gamma: 0.9 })]),
  MultiplicativeLR: () => multiplicative(() => 0.95),
  hf_inverse_sqrt: ({ num_warmup_steps = 0 }) => warmupInverseSqrt({ warmup: num_warmup_steps }),
  hf_linear_with_warmup: ({ num_warmup_steps = 0, num_training_steps = 0 }) =>
    warmupLinear({ warmup: num_warmup_steps, steps: num_training_steps }),
  hf_cosine_with_warmup: ({ num_warmup_steps = 0, num_training_steps = 0 }) =>
    warmupCosine({ warmup: num_warmup_steps, steps: num_training_steps }),
};

/** Thirty steps of each schedule. */
export function scheduleSuite(): void {
  const { cases } = goldenJson<{ cases: readonly Case[] }>("schedulers.json");
  test("every schedule is known", () => {
    const unknown = cases.filter((c) => !Object.hasOwn(schedules, c.scheduler) && !c.metric);
    expect(unknown.map((c) => c.scheduler)).toEqual([]);
  });
  test.each(cases.map((c) => [`${c.scheduler} ${JSON.stringify(c.args)}`, c] as const))("%s", (_, c) => {
    const parameters = [tensor([0], [1], { requiresGrad: true })];
    const optimizer = new SGD(parameters, { learningRate: c.base_lr, momentum: 0.9 });
    const group = optimizer.groups[0] as (typeof optimizer.groups)[0];
    const step = stepper(optimizer, c);
    c.lr.forEach((rate, i) => {
      expect(group.learningRate, `rate of step ${i}`).toBeCloseTo(rate, 12);
      if (c.momentum) expect(group.momentum, `momentum of step ${i}`).toBeCloseTo(c.momentum[i] as number, 12);
      step(i);
    });
    expect(group.learningRate).toBeCloseTo(c.lr_after, 12);
  });
}

function stepper(optimizer: SGD, { scheduler, args, metric }: Case): (i: number) => void {
  if (metric) {
    const { minLr, ...options } = camelCased(args);
    const plateau = new ReduceOnPlateau(optimizer, {
      ...options,
      ...(minLr !== undefined && { minimum: Number(minLr) }),
    });
    return (i) => plateau.step(metric[i] as number);
  }
  const schedule = new LearningRateSchedule(optimizer, (schedules[scheduler] as (args: Args) => Schedule)(args));
  return () => schedule.step();
}
