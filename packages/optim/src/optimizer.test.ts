import { add, compile, mul, sum, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { Adagrad, Adam, type Optimizer, OptimizerStateError, SGD } from "./index.ts";

const leaf = (...values: number[]): Tensor => tensor(values, [values.length], { requiresGrad: true });

/** A step that pulls the parameters to 0. */
function stepOf(optimizer: Optimizer, parameters: readonly Tensor[]): () => void {
  return () => {
    optimizer.zeroGrad();
    parameters
      .map((p) => sum(mul(p, p)))
      .reduce((a, b) => add(a, b))
      .backward();
    optimizer.step();
  };
}

/** Counts how often `fn` is traced. */
function counted(fn: () => void): { run: () => void; traces: () => number } {
  let count = 0;
  const run = compile(() => {
    count++;
    fn();
  });
  return { run, traces: () => count };
}

describe("groups", () => {
  test("options that a group leaves out are the optimiser's", () => {
    const optimizer = new SGD([{ parameters: [leaf(1)], learningRate: 0.5 }, { parameters: [leaf(2)] }], {
      learningRate: 0.1,
      momentum: 0.9,
    });
    expect(optimizer.groups.map((g) => g.learningRate)).toEqual([0.5, 0.1]);
    expect(optimizer.groups.map((g) => g.options.momentum)).toEqual([0.9, 0.9]);
  });

  test("a parameter belongs to one group, and there is at least one", () => {
    const p = leaf(1);
    expect(() => new SGD([p, p])).toThrow("none twice");
    expect(() => new SGD([{ parameters: [p] }, { parameters: [p] }])).toThrow("none twice");
    expect(() => new Adam([])).toThrow("Adam: expected at least one parameter");
  });

  test("running values start as a group says", () => {
    const [a, b] = [leaf(1), leaf(1)];
    const groups = [{ parameters: [a], initialAccumulatorValue: 12 }, { parameters: [b] }];
    const optimizer = new Adagrad(groups, { learningRate: 1, initialAccumulatorValue: 5 });
    stepOf(optimizer, [a, b])();
    expect([a.item(), b.item()]).toEqual([expect.closeTo(1 - 2 / 4, 6), expect.closeTo(1 - 2 / 3, 6)]);
  });

  test("a group can join later", () => {
    const [a, b] = [leaf(1), leaf(1)];
    const optimizer = new SGD([a], { learningRate: 0.1 });
    optimizer.addGroup({ parameters: [b], learningRate: 0.2 });
    stepOf(optimizer, [a, b])();
    expect([a.item(), b.item()]).toEqual([expect.closeTo(0.8, 6), expect.closeTo(0.6, 6)]);
  });
});

describe("inside of a compiled function", () => {
  test("the learning rate changes without a new trace, other options with one", () => {
    const p = leaf(1);
    const optimizer = new SGD([p], { learningRate: 0.1 });
    const { run, traces } = counted(stepOf(optimizer, [p]));
    run();
    expect(p.item()).toBeCloseTo(0.8, 6);
    const [group] = optimizer.groups;
    if (!group) throw new Error("no group");
    group.learningRate = 0.25;
    run();
    expect([p.item(), traces()]).toEqual([expect.closeTo(0.4, 6), 1]);
    group.options = { ...group.options, weightDecay: 2 };
    run();
    expect([p.item(), traces()]).toEqual([expect.closeTo(0, 6), 2]);
  });

  test("so does the momentum, unless there was none", () => {
    const p = leaf(1);
    const optimizer = new SGD([p], { learningRate: 0.1, momentum: 0.5 });
    const { run, traces } = counted(stepOf(optimizer, [p]));
    run(); // v = 2, p = 0.8
    const [group] = optimizer.groups;
    if (!group) throw new Error("no group");
    group.momentum = 0.25;
    run(); // v = 0.25 · 2 + 1.6 = 2.1, p = 0.59
    expect([p.item(), traces()]).toEqual([expect.closeTo(0.59, 6), 1]);
    group.momentum = 0;
    run(); // p = 0.59 - 0.1 · 1.18
    expect([p.item(), traces()]).toEqual([expect.closeTo(0.472, 6), 2]);
    expect(group.options.momentum).toBe(0);
  });

  test("of betas the first is the momentum", () => {
    const optimizer = new Adam([leaf(1)]);
    const [group] = optimizer.groups;
    if (!group) throw new Error("no group");
    group.momentum = 0.5;
    expect([group.momentum, group.options.betas]).toEqual([0.5, [0.5, 0.999]]);
    expect(() => {
      group.momentum = -1;
    }).toThrow("momentum: expected a number >= 0, got -1");
    const other = new Adagrad([leaf(1)]).groups[0];
    expect(other?.momentum).toBe(undefined);
    expect(() => {
      if (other) other.momentum = 0.5;
    }).toThrow("expected an optimiser with momentum or betas");
  });

  test("the rate cannot be set there, nor to what is no rate", () => {
    const optimizer = new SGD([leaf(1)]);
    const set = (value: number): void => {
      for (const group of optimizer.groups) group.learningRate = value;
    };
    expect(() => compile(() => set(1))()).toThrow("set it outside of the compiled function");
    expect(() => set(-1)).toThrow("learningRate: expected a number >= 0, got -1");
  });

  test("freezing and unfreezing a parameter takes effect", () => {
    const [a, b] = [leaf(1), leaf(1)];
    const optimizer = new SGD([a, b], { learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 });
    const { run } = counted(stepOf(optimizer, [a, b]));
    run();
    a.requiresGrad = false;
    const frozen = a.item();
    run();
    run();
    expect(a.item()).toBe(frozen);
    expect(b.item()).not.toBe(frozen);
    a.requiresGrad = true;
    run();
    expect(a.item()).not.toBe(frozen);
  });

  test("a group that joins later is trained too", () => {
    const [a, b] = [leaf(1), leaf(1)];
    const optimizer = new SGD([a], { learningRate: 0.1 });
    const { run } = counted(stepOf(optimizer, [a, b]));
    run();
    expect(b.item()).toBe(1);
    optimizer.addGroup({ parameters: [b] });
    run();
    expect(b.item()).toBeCloseTo(0.8, 6);
  });

  test("gradients from outside are taken each time", () => {
    const p = leaf(1);
    const optimizer = new SGD([p], { learningRate: 1 });
    const update = compile(() => optimizer.step());
    for (const g of [0.25, 0.5]) {
      p.grad = tensor([g], [1]);
      update();
    }
    expect(p.item()).toBeCloseTo(0.25, 6);
  });
});

test("a loaded state replaces the one there is, also in a compiled function", () => {
  const p = leaf(1);
  const optimizer = new SGD([p], { learningRate: 0.1, momentum: 0.9 });
  const { run, traces } = counted(stepOf(optimizer, [p]));
  const fresh = optimizer.stateDict();
  run();
  optimizer.loadStateDict(fresh);
  p.assign([1]);
  run();
  expect([p.item(), traces()]).toEqual([expect.closeTo(0.8, 6), 1]);
});

test("states have PyTorch's names", () => {
  const p = leaf(1, 2);
  const optimizer = new Adam([p]);
  stepOf(optimizer, [p])();
  const { tensors, groups } = optimizer.stateDict();
  expect(Object.keys(tensors)).toEqual(["0.step", "0.exp_avg", "0.exp_avg_sq"]);
  expect(groups[0]?.parameters).toEqual([0]);
});

test("a state of another optimiser is refused", () => {
  const optimizer = new Adam([leaf(1)]);
  const saved = { groups: optimizer.stateDict().groups, tensors: { "0.momentum_buffer": zeros([1]) } };
  expect(() => optimizer.loadStateDict(saved)).toThrow(OptimizerStateError);
  expect(() => optimizer.loadStateDict({ ...saved, groups: [] })).toThrow("expected groups of 1 parameters, got none");
});
