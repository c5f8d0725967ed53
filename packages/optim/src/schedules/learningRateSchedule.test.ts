import { compile, sum, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  Adagrad,
  chained,
  constant,
  cosine,
  LearningRateSchedule,
  linear,
  OptimizerStateError,
  oneCycle,
  type PlateauState,
  ReduceOnPlateau,
  SGD,
  sequential,
  stepDecay,
  warmupConstant,
  warmupCosine,
  warmupInverseSqrt,
} from "../index.ts";

const leaf = () => tensor([1], [1], { requiresGrad: true });

test("rates are set at once, and at each step, for each group from its own base", () => {
  const optimizer = new SGD([{ parameters: [leaf()], learningRate: 1 }, { parameters: [leaf()] }], {
    learningRate: 0.1,
  });
  const schedule = new LearningRateSchedule(optimizer, linear({ startFactor: 0.5, steps: 2 }));
  const rates = () => optimizer.groups.map((g) => g.learningRate);
  expect(rates()).toEqual([0.5, 0.05]);
  schedule.step();
  schedule.step();
  expect(rates()).toEqual([1, 0.1]);
});

test("one schedule a group", () => {
  const optimizer = new SGD([{ parameters: [leaf()] }, { parameters: [leaf()] }], { learningRate: 1 });
  const schedule = new LearningRateSchedule(optimizer, [constant(), stepDecay({ stepSize: 1 })]);
  schedule.step();
  expect(optimizer.groups.map((g) => g.learningRate)).toEqual([1, 0.1]);
  expect(() => new LearningRateSchedule(optimizer, [constant()])).toThrow("one for each of 2 groups, got 1");
});

test("resuming goes on with the same rates", () => {
  const make = (learningRate: number) => {
    const optimizer = new SGD([leaf()], { learningRate });
    return { optimizer, schedule: new LearningRateSchedule(optimizer, cosine({ steps: 10 })) };
  };
  const [a, b] = [make(1), make(0.3)];
  for (let i = 0; i < 4; i++) a.schedule.step();
  b.schedule.loadStateDict(JSON.parse(JSON.stringify(a.schedule.stateDict())));
  expect(b.optimizer.groups[0]?.learningRate).toBe(a.optimizer.groups[0]?.learningRate);
  expect(() => b.schedule.loadStateDict({ step: 1, baseRates: [] })).toThrow(
    "expected the base rates of 1 groups, got 0",
  );
});

test("a schedule that drives momentum does so in each group, and resumes", () => {
  const make = () => {
    const optimizer = new SGD([{ parameters: [leaf()] }, { parameters: [leaf()], momentum: 0.5 }], {
      learningRate: 1,
      momentum: 0.9,
    });
    return { optimizer, schedule: new LearningRateSchedule(optimizer, [oneCycle({ steps: 10 }), constant()]) };
  };
  const [a, b] = [make(), make()];
  for (let i = 0; i < 4; i++) a.schedule.step();
  b.schedule.loadStateDict(JSON.parse(JSON.stringify(a.schedule.stateDict())));
  const state = ({ optimizer }: typeof a) => optimizer.groups.map((g) => [g.learningRate, g.momentum]);
  expect(state(b)).toEqual(state(a));
  expect(state(a)[1]).toEqual([1, 0.5]);
  expect(() => new LearningRateSchedule(new Adagrad([leaf()]), oneCycle({ steps: 3 }))).toThrow(
    "{ cycleMomentum: false }",
  );
});

test("composed schedules drive momentum while one of theirs does", () => {
  const inner = oneCycle({ steps: 4 });
  const [then, both] = [sequential([constant(), inner], [2]), chained([constant({ factor: 0.5 }), inner])];
  expect([0, 1, 2, 5].map((step) => then.momentum?.(step, 0.9))).toEqual([0.9, 0.9, 0.95, inner.momentum?.(3, 0.9)]);
  expect(both.momentum?.(1, 0.9)).toBe(inner.momentum?.(1, 0.9));
  expect(sequential([constant()], []).momentum).toBe(undefined);
});

test("past its steps, one cycle keeps the last rate", () => {
  const schedule = oneCycle({ steps: 5, maxRate: 1 });
  expect(schedule(100, 1)).toBe(schedule(4, 1));
  expect(() => oneCycle({ steps: 0 })).toThrow("oneCycle: expected steps >= 1, got 0");
  expect(() => oneCycle({ steps: 5, pctStart: 2 })).toThrow("expected pctStart in [0, 1], got 2");
});

test("reductions on plateaus refuse what does not fit", () => {
  const optimizer = new SGD([leaf()], { learningRate: 1 });
  expect(() => new ReduceOnPlateau(optimizer, { factor: 1 })).toThrow("expected factor < 1, got 1");
  expect(() => new ReduceOnPlateau(optimizer, { minimum: [0, 0] })).toThrow("one for each of 1 groups, got 2");
  expect(() => new ReduceOnPlateau(optimizer).loadStateDict({} as PlateauState)).toThrow(OptimizerStateError);
});

test("a compiled step follows the schedule", () => {
  const p = leaf();
  const optimizer = new SGD([p], { learningRate: 1 });
  const schedule = new LearningRateSchedule(optimizer, stepDecay({ stepSize: 1, gamma: 0.5 }));
  const step = compile(() => {
    optimizer.zeroGrad();
    sum(p).backward();
    optimizer.step();
  });
  const values = [0, 1, 2].map(() => {
    step();
    schedule.step();
    return p.item();
  });
  expect(values).toEqual([0, -0.5, -0.75]);
});

describe("schedules at their ends", () => {
  test("warm-up begins at 0, reaches the base, ends in the minimum and stays there", () => {
    const schedule = warmupCosine({ warmup: 4, steps: 12, minimum: 0.01 });
    expect([0, 2, 4, 8, 12, 20].map((s) => schedule(s, 1))).toEqual([0, 0.5, 1, expect.closeTo(0.505, 9), 0.01, 0.01]);
  });

  test("warm-ups without and with a slow descent", () => {
    expect([0, 2, 4, 9].map((s) => warmupConstant({ warmup: 4 })(s, 1))).toEqual([0, 0.5, 1, 1]);
    expect([0, 2, 4, 16].map((s) => warmupInverseSqrt({ warmup: 4 })(s, 1))).toEqual([0, 0.5, 1, 0.5]);
  });

  test("a sequence wants its milestones", () => {
    expect(() => sequential([constant(), constant()], [])).toThrow(
      "expected one milestone fewer than schedules, got 0 for 2",
    );
  });
});
