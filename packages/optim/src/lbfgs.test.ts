import { readFileSync } from "node:fs";
import { add, compile, type DType, mul, sub, sum, type Tensor, TraceError, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import { LBFGS, type LBFGSOptions, LearningRateSchedule, type OptimizerState, stepDecay } from "./index.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface LBFGSCase {
  readonly options: Partial<LBFGSOptions>;
  readonly losses: Values;
  readonly evaluations: readonly number[];
  readonly steps: { readonly [name: string]: Values };
}

const { start, lbfgs } = JSON.parse(
  readFileSync(new URL("../../../fixtures/nn/optimizers.json", import.meta.url), "utf8"),
) as { readonly start: { readonly [name: string]: Values }; readonly lbfgs: readonly LBFGSCase[] };

/** The problem of the goldens: a valley for each column, of Rosenbrock's kind. */
class Problem {
  readonly w: Tensor;
  readonly b: Tensor;
  evaluations = 0;

  constructor(dtype: DType) {
    const leaf = ({ data, shape }: Values): Tensor =>
      tensor(data.map(Math.fround), shape, { dtype, requiresGrad: true });
    [this.w, this.b] = [leaf(start.w as Values), leaf(start.b as Values)];
  }

  readonly closure = (): Tensor => {
    this.evaluations++;
    const bend = sub(mul(this.w, this.w), this.b);
    const rest = sub(1, this.w);
    const loss = add(mul(sum(mul(bend, bend)), 5), sum(mul(rest, rest)));
    loss.backward();
    return loss.detach();
  };
}

describe.each([
  ["float64", { rtol: 1e-7, scale: 1e-8, atol: 1e-9 }, lbfgs, 10],
  // A search branches where rounding differs.
  ["float32", { rtol: 2e-4, scale: 2e-4, atol: 2e-4 }, lbfgs.filter((c) => !c.options.lineSearchFn), 2],
] as const)("steps equal PyTorch's, %s", (dtype, tolerance, cases, count) => {
  test.each(cases.map((c) => [JSON.stringify(c.options), c] as const))("%s", (_, c) => {
    const problem = new Problem(dtype);
    const optimizer = new LBFGS([problem.w, problem.b], c.options);
    for (let s = 0; s < count; s++) {
      const loss = optimizer.step(problem.closure);
      const close = (name: string, actual: Tensor, { data }: Values): void => {
        const expected = data.slice(s * actual.size, (s + 1) * actual.size);
        const { pass, message } = closeTo(actual, expected, tolerance);
        expect(pass, `${name} of step ${s}: ${message}`).toBe(true);
      };
      close("loss", loss, c.losses);
      close("w", problem.w, c.steps.w as Values);
      close("b", problem.b, c.steps.b as Values);
      if (dtype === "float64") expect(problem.evaluations).toBe(c.evaluations[s]);
    }
  });
});

test("stopped and resumed, it ends in the same bits", () => {
  const options = { maxIter: 3, historySize: 2, lineSearchFn: "strongWolfe" } as const;
  const run = (saved?: {
    readonly state: OptimizerState;
    readonly w: readonly number[];
    readonly b: readonly number[];
  }) => {
    const problem = new Problem("float32");
    const optimizer = new LBFGS([problem.w, problem.b], saved ? {} : options);
    if (saved) {
      problem.w.assign(saved.w);
      problem.b.assign(saved.b);
      optimizer.loadStateDict(saved.state);
    }
    return { problem, optimizer, values: () => [[...problem.w.toArray()], [...problem.b.toArray()]] as const };
  };
  const straight = run();
  for (let i = 0; i < 5; i++) straight.optimizer.step(straight.problem.closure);
  for (const first of [0, 1, 3]) {
    const stopped = run();
    for (let i = 0; i < first; i++) stopped.optimizer.step(stopped.problem.closure);
    const { tensors, groups } = stopped.optimizer.stateDict();
    const state = { tensors, groups: JSON.parse(JSON.stringify(groups)) } as OptimizerState;
    const [w, b] = stopped.values();
    const resumed = run({ state, w, b });
    for (let i = first; i < 5; i++) resumed.optimizer.step(resumed.problem.closure);
    expect(resumed.values()).toEqual(straight.values());
  }
});

test("what does not require a gradient stays, and schedules drive the rate", () => {
  const problem = new Problem("float32");
  const optimizer = new LBFGS([problem.w, problem.b], { learningRate: 0.5, maxIter: 4 });
  const schedule = new LearningRateSchedule(optimizer, stepDecay({ stepSize: 1, gamma: 0.5 }));
  optimizer.step(problem.closure);
  schedule.step();
  expect(optimizer.groups[0].learningRate).toBe(0.25);
  problem.b.requiresGrad = false;
  const [w, b] = [[...problem.w.toArray()], [...problem.b.toArray()]];
  optimizer.step(problem.closure);
  expect([...problem.b.toArray()]).toEqual(b);
  expect([...problem.w.toArray()]).not.toEqual(w);
});

test("it ends at a minimum, and refuses what it cannot do", () => {
  const p = tensor([0, 0], [2], { requiresGrad: true });
  let calls = 0;
  const optimizer = new LBFGS([p]);
  const closure = (): Tensor => {
    calls++;
    const loss = sum(mul(p, p));
    loss.backward();
    return loss;
  };
  expect([optimizer.step(closure).item(), calls]).toEqual([0, 1]);
  expect(() => compile(() => optimizer.step(closure))()).toThrow(TraceError);
  expect(() => new LBFGS([])).toThrow("LBFGS: expected parameters");
  expect(() => new LBFGS([p], { maxIter: 0 })).toThrow("integers maxIter and historySize >= 1");
  p.assign([1, 2]);
  const other = new LBFGS([p], { learningRate: 0.1 });
  other.step(closure);
  const state = other.stateDict();
  const three = new LBFGS([tensor([1, 2, 3], [3], { requiresGrad: true })]);
  expect(() => three.loadStateDict(state)).toThrow(/expected 0\.\w+ of shape \[.*3\], got \[.*2\]/);
  expect(() => three.loadStateDict({ ...state, groups: [] })).toThrow(
    "expected one group of 1 parameters, got 0 groups",
  );
});
