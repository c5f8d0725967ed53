import { readFileSync } from "node:fs";
import { add, compile, type DType, mul, sum, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import * as optim from "./index.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Named {
  readonly [name: string]: Values;
}

interface OptimizerCase {
  readonly optimizer: string;
  readonly options: object;
  readonly steps: Named;
  /** Where not all start from the same. */
  readonly start?: Named;
  readonly grads?: Named;
}

interface Goldens {
  readonly start: Named;
  readonly grads: Named;
  readonly cases: readonly OptimizerCase[];
  readonly driven: readonly (OptimizerCase & { readonly schedule: string; readonly args: object })[];
}

const exported: Readonly<Record<string, unknown>> = { ...optim };

const { start, grads, cases, driven } = JSON.parse(
  readFileSync(new URL("../../../fixtures/nn/optimizers.json", import.meta.url), "utf8"),
) as Goldens;

/** Row `s` of stored [steps, ...] values. */
function row({ shape, data }: Values, s: number): Values {
  const size = data.length / (shape[0] as number);
  return { shape: shape.slice(1), data: data.slice(s * size, (s + 1) * size) };
}

/** Values that PyTorch started from: the float32 numbers that nine digits stand for. */
function exact({ shape, data }: Values, dtype: DType): Tensor {
  return tensor(data.map(Math.fround), shape, { dtype });
}

const ways = [
  { way: "eager", dtype: "float32", tolerance: { rtol: 1e-5, scale: 1e-5, atol: 1e-7 } },
  { way: "compiled", dtype: "float32", tolerance: { rtol: 1e-5, scale: 1e-5, atol: 1e-7 } },
  // What is stored has nine digits.
  { way: "eager", dtype: "float64", tolerance: { rtol: 5e-9, scale: 1e-9, atol: 1e-10 } },
] as const;

describe.each(ways)("ten steps equal PyTorch's, $way, $dtype", ({ way, dtype, tolerance }) => {
  const leaves = (values: Named): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(values).map(([name, values]) => {
        const leaf = exact(values, dtype);
        leaf.requiresGrad = true;
        return [name, leaf];
      }),
    );

  function run(c: OptimizerCase, afterStep: (optimizer: optim.Optimizer) => () => void = () => () => {}): void {
    const Optimizer = exported[c.optimizer] as new (parameters: Tensor[], options: object) => optim.Optimizer;
    const parameters = leaves(c.start ?? start);
    const names = Object.keys(parameters);
    const list = Object.values(parameters);
    const optimizer = new Optimizer(list, c.options);
    const after = afterStep(optimizer);
    let traces = 0;
    const update = (...given: Tensor[]): Tensor => {
      traces++;
      optimizer.zeroGrad();
      const loss = list
        .map((p, i) => sum(add(mul(p, given[i] as Tensor), mul(mul(p, p), 0.25))))
        .reduce((a, b) => add(a, b));
      loss.backward();
      optimizer.step();
      return loss.detach();
    };
    const step = way === "eager" ? update : compile(update);
    for (let s = 0; s < 10; s++) {
      step(...names.map((name) => exact(row((c.grads ?? grads)[name] as Values, s), dtype)));
      after();
      for (const name of names) {
        const { pass, message } = closeTo(parameters[name] as Tensor, row(c.steps[name] as Values, s).data, tolerance);
        expect(pass, `${name} after step ${s}: ${message}`).toBe(true);
      }
    }
    if (way === "compiled") expect(traces).toBe(1);
  }

  test.each(cases.map((c) => [`${c.optimizer} ${JSON.stringify(c.options)}`, c] as const))("%s", (_, c) => run(c));

  test.each(driven.map((c) => [`${c.optimizer} ${JSON.stringify(c.options)} by ${c.schedule}`, c] as const))(
    "%s, without another trace",
    (_, c) => {
      run(c, (optimizer) => {
        const make = exported[c.schedule] as (args: object) => optim.Schedule;
        const schedule = new optim.LearningRateSchedule(optimizer, make(c.args));
        return () => schedule.step();
      });
    },
  );
});

test("every optimiser has a golden", () => {
  const covered = new Set(cases.map((c) => c.optimizer));
  const isOptimizer = (value: unknown): boolean =>
    typeof value === "function" && value.prototype instanceof optim.Optimizer;
  const names = Object.entries(exported).flatMap(([name, value]) => (isOptimizer(value) ? [name] : []));
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
});
