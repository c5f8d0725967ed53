import { compile, sum, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { constant, cosine, LearningRateSchedule, linear, SGD, sequential, stepDecay, warmupCosine } from "../index.ts";

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

  test("a sequence wants its milestones", () => {
    expect(() => sequential([constant(), constant()], [])).toThrow(
      "expected one milestone fewer than schedules, got 0 for 2",
    );
  });
});
