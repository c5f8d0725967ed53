import { BatchNorm2d, Linear, Sequential } from "@graftjs/nn";
import { add, compile, mul, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  type AverageState,
  cosine,
  ExponentialMovingAverage,
  GradientAccumulator,
  LAMB,
  LearningRateSchedule,
  Lion,
  Lookahead,
  NAdam,
  type OptimizerLike,
  type OptimizerState,
  oneCycle,
  RAdam,
  RMSprop,
  Rprop,
  SAM,
  type ScheduleState,
  SGD,
  StochasticWeightAverage,
} from "./index.ts";

type Make = (parameters: readonly Tensor[]) => OptimizerLike;

const optimizers: readonly (readonly [name: string, make: Make])[] = [
  ["SGD", (p) => new SGD(p, { learningRate: 0.05, momentum: 0.9, dampening: 0.2, weightDecay: 0.1 })],
  ["SGD, Nesterov", (p) => new SGD(p, { learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 0.1 })],
  ["Adam", (p) => new Adam(p, { learningRate: 0.05, amsgrad: true, weightDecay: 0.1 })],
  ["AdamW", (p) => new AdamW(p, { learningRate: 0.05, weightDecay: 0.1 })],
  ["Adamax", (p) => new Adamax(p, { weightDecay: 0.1 })],
  ["NAdam", (p) => new NAdam(p, { weightDecay: 0.1, decoupledWeightDecay: true })],
  ["RAdam", (p) => new RAdam(p, { weightDecay: 0.1, decoupledWeightDecay: true })],
  ["RMSprop", (p) => new RMSprop(p, { momentum: 0.5, centered: true, weightDecay: 0.1 })],
  ["Adagrad", (p) => new Adagrad(p, { initialAccumulatorValue: 0.1, learningRateDecay: 0.1, weightDecay: 0.1 })],
  ["Adadelta", (p) => new Adadelta(p, { weightDecay: 0.1 })],
  ["Adafactor", (p) => new Adafactor(p, { weightDecay: 0.1 })],
  ["ASGD", (p) => new ASGD(p, { t0: 2, weightDecay: 0.1 })],
  ["Rprop", (p) => new Rprop(p)],
  ["LAMB", (p) => new LAMB(p, { weightDecay: 0.1 })],
  ["Lion", (p) => new Lion(p, { learningRate: 0.01, weightDecay: 0.1 })],
  ["Lookahead", (p) => new Lookahead(new Adam(p, { weightDecay: 0.1 }), { k: 4 })],
];

interface Saved {
  readonly shape: readonly number[];
  readonly bytes: string;
}

/** What a file would make of it: bytes of tensors, and JSON. */
function written<T extends { readonly tensors: Readonly<Record<string, Tensor>> }>(state: T): T {
  const encoded = Object.entries(state.tensors).map(([name, t]): [string, Saved] => [
    name,
    { shape: t.shape, bytes: Buffer.from(t.toArray().buffer as ArrayBuffer).toString("base64") },
  ]);
  const parsed = JSON.parse(JSON.stringify({ ...state, tensors: Object.fromEntries(encoded) })) as {
    readonly tensors: Readonly<Record<string, Saved>>;
  };
  const decode = ({ shape, bytes }: Saved): Tensor =>
    tensor(new Float32Array(Uint8Array.from(Buffer.from(bytes, "base64")).buffer), shape);
  return {
    ...parsed,
    tensors: Object.fromEntries(Object.entries(parsed.tensors).map(([name, saved]) => [name, decode(saved)])),
  } as unknown as T;
}

/** A run with everything that has state, ready to be stepped. */
class Run {
  readonly parameters: readonly Tensor[];
  readonly optimizer: OptimizerLike;
  readonly schedule: LearningRateSchedule;
  readonly moving: ExponentialMovingAverage;
  readonly mean: StochasticWeightAverage;
  readonly #step: () => void;

  constructor(make: Make, way: string, values: readonly (readonly number[])[]) {
    const shapes = [[2, 2], [3]];
    this.parameters = values.map((v, i) => tensor([...v], shapes[i] as number[], { requiresGrad: true }));
    this.optimizer = make(this.parameters);
    const drives = this.optimizer.groups.every((group) => group.momentum !== undefined);
    this.schedule = new LearningRateSchedule(
      this.optimizer,
      drives ? oneCycle({ steps: 10, maxRate: 0.1 }) : cosine({ steps: 10 }),
    );
    this.moving = new ExponentialMovingAverage(this.parameters, { decay: 0.5 });
    this.mean = new StochasticWeightAverage(this.parameters);
    const update = (): void => {
      this.optimizer.zeroGrad();
      this.parameters
        .map((p) => sum(mul(p, mul(p, p))))
        .reduce((a, b) => add(a, b))
        .backward();
      this.optimizer.step();
      this.moving.update();
      this.mean.update();
    };
    this.#step = way === "eager" ? update : compile(update);
  }

  steps(count: number): this {
    for (let i = 0; i < count; i++) {
      this.#step();
      this.schedule.step();
    }
    return this;
  }

  get values(): number[][] {
    return [...this.parameters, ...this.moving.tensors, ...this.mean.tensors].map((t) => [...t.toArray()]);
  }

  save(): Checkpoint {
    return {
      parameters: this.parameters.map((p) => [...p.toArray()]),
      optimizer: written(this.optimizer.stateDict()),
      schedule: JSON.parse(JSON.stringify(this.schedule.stateDict())) as ScheduleState,
      moving: written(this.moving.stateDict()),
      mean: written(this.mean.stateDict()),
    };
  }

  load(saved: Checkpoint): this {
    for (const [i, p] of this.parameters.entries()) p.assign(saved.parameters[i] as number[]);
    this.optimizer.loadStateDict(saved.optimizer);
    this.schedule.loadStateDict(saved.schedule);
    this.moving.loadStateDict(saved.moving);
    this.mean.loadStateDict(saved.mean);
    return this;
  }
}

interface Checkpoint {
  readonly parameters: readonly (readonly number[])[];
  readonly optimizer: OptimizerState;
  readonly schedule: ScheduleState;
  readonly moving: AverageState;
  readonly mean: AverageState;
}

const start = [
  [1, -2, 0.5, 0.25],
  [0.5, -0.5, 1],
];
const elsewhere = [
  [3, 3, 3, 3],
  [2, 2, 2],
];

describe.each(["eager", "compiled"])("stopped and resumed, %s", (way) => {
  test.each(optimizers)("%s ends in the same bits", (_, make) => {
    const straight = new Run(make, way, start).steps(7);
    const saved = new Run(make, way, start).steps(3).save();
    // Into new objects, and into some that have run elsewhere.
    expect(new Run(make, way, elsewhere).load(saved).steps(4).values).toEqual(straight.values);
    expect(new Run(make, way, elsewhere).steps(2).load(saved).steps(4).values).toEqual(straight.values);
    // Back to before the first step.
    const fresh = new Run(make, way, start).save();
    expect(new Run(make, way, elsewhere).steps(2).load(fresh).steps(7).values).toEqual(straight.values);
  });

  test("SAM has the state of its optimiser", () => {
    const run = (values: readonly number[], state?: OptimizerState) => {
      const p = tensor([...values], [2], { requiresGrad: true });
      const sam = new SAM(new Adam([p], { learningRate: 0.1 }), { rho: 0.5 });
      if (state) sam.loadStateDict(state);
      const update = () => sam.step(() => void sum(mul(p, mul(p, p))).backward());
      return { p, sam, step: way === "eager" ? update : compile(update) };
    };
    const straight = run([1, 2]);
    for (let i = 0; i < 5; i++) straight.step();
    const first = run([1, 2]);
    for (let i = 0; i < 2; i++) first.step();
    const second = run([...first.p.toArray()], written(first.sam.stateDict()));
    for (let i = 0; i < 3; i++) second.step();
    expect([...second.p.toArray()]).toEqual([...straight.p.toArray()]);
  });

  test("an accumulator goes on amid an update", () => {
    const make = (state?: { readonly tensors: Readonly<Record<string, Tensor>> }) => {
      const p = tensor([1, 2], [2], { requiresGrad: true });
      const accumulator = new GradientAccumulator([p]);
      if (state) accumulator.loadStateDict(state);
      const add = (x: Tensor): void => {
        p.grad = null;
        sum(mul(p, x)).backward();
        accumulator.add();
      };
      const take = (): Tensor => {
        accumulator.take();
        return p.grad as unknown as Tensor;
      };
      return way === "eager"
        ? { p, accumulator, add, take }
        : { p, accumulator, add: compile(add), take: compile(take) };
    };
    const batches = [1, 2, 6].map((v) => tensor([v, -v], [2]));
    const first = make();
    for (const x of batches.slice(0, 2)) first.add(x);
    const second = make(written(first.accumulator.stateDict()));
    second.add(batches[2] as Tensor);
    expect([...second.take().toArray()]).toEqual([3, -3]);
    expect(second.p.grad === null).toBe(way === "compiled");
  });
});

describe.each(["eager", "compiled"])("what is frozen stays bit for bit, %s", (way) => {
  test.each(optimizers)("%s", (_, make) => {
    const backbone = new Sequential(new Linear(3, 4), new BatchNorm2d(4));
    const [head, never] = [new Linear(3, 1), new Linear(2, 2).freeze()];
    const optimizer = make([...never.parameters(), ...backbone.parameters(), ...head.parameters()]);
    const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const update = (): void => {
      optimizer.zeroGrad();
      const all = [...never.parameters(), ...backbone.parameters()].map((p) => sum(p)).reduce((a, b) => add(a, b));
      add(all, sum(head.forward(x))).backward();
      optimizer.step();
    };
    const step = way === "eager" ? update : compile(update);
    step(); // momentum gathers before the freeze
    backbone.freeze();
    const values = (): number[][] =>
      [...Object.values(never.stateDict()), ...Object.values(backbone.stateDict())].map((t) => [...t.toArray()]);
    const [before, headBefore] = [values(), [...head.weight.toArray()]];
    for (let i = 0; i < 3; i++) step();
    expect(values()).toEqual(before);
    expect([...head.weight.toArray()]).not.toEqual(headBefore);
    const states = Object.keys(optimizer.stateDict().tensors);
    expect(states.filter((name) => /^(lookahead\.)?[01]\./.test(name))).toEqual([]);
    expect(states.filter((name) => /^(lookahead\.)?2\./.test(name))).not.toEqual([]);
  });
});

describe.each(["eager", "compiled"])("gradients that add up, %s", (way) => {
  test("over small batches make the step of a large one", () => {
    const [large, small] = [
      [1, 2],
      [1, 2],
    ].map((v) => tensor(v, [2], { requiresGrad: true })) as [Tensor, Tensor];
    const idle = tensor([1], [1], { requiresGrad: true });
    const [whole, parts] = [new Adam([large]), new Adam([small, idle])];
    const accumulator = new GradientAccumulator([small, idle]);
    const loss = (p: Tensor, x: Tensor): Tensor => sum(mul(mul(p, p), x));
    const run = <In extends readonly Tensor[]>(fn: (...inputs: In) => void) => (way === "eager" ? fn : compile(fn));
    const step = run((x: Tensor) => {
      whole.zeroGrad();
      loss(large, x).backward();
      whole.step();
    });
    const part = run((x: Tensor) => {
      parts.zeroGrad();
      loss(small, x).backward();
      accumulator.add();
    });
    const update = run(() => {
      accumulator.take();
      parts.step();
    });
    for (let i = 1; i <= 3; i++) {
      // The mean of three is i in both.
      step(tensor([i, i], [2]));
      for (const x of [i - 0.5, i, i + 0.5]) part(tensor([x, x], [2]));
      update();
      expect([...small.toArray()]).toEqual([...large.toArray()].map((v) => expect.closeTo(v, 6)));
    }
    expect(idle.item()).toBe(1);
    expect(Object.keys(parts.stateDict().tensors).filter((name) => name.startsWith("1."))).toEqual([]);
  });

  test("within one function, backward adds up by itself", () => {
    const p = tensor([1], [1], { requiresGrad: true });
    const optimizer = new SGD([p], { learningRate: 1 });
    const update = (x: Tensor, y: Tensor): void => {
      optimizer.zeroGrad();
      for (const batch of [x, y]) mul(sum(mul(p, batch)), 0.5).backward();
      optimizer.step();
    };
    (way === "eager" ? update : compile(update))(tensor([0.25]), tensor([0.75]));
    expect(p.item()).toBe(0.5);
  });
});
