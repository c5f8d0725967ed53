import { readFileSync } from "node:fs";
import { add, compile, mul, sum, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import * as optim from "./index.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Optimizers {
  readonly start: Values;
  readonly grads: Values;
  readonly cases: readonly { readonly optimizer: string; readonly options: object; readonly steps: Values }[];
}

interface ScheduleCase {
  readonly schedule: string;
  readonly args: object;
  readonly rates: readonly number[];
}

const exported: Readonly<Record<string, unknown>> = { ...optim };

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/nn/${file}`, import.meta.url), "utf8")) as T;
}

/** Row `s` of stored [steps, ...] values. */
function row({ shape, data }: Values, s: number): number[] {
  const size = data.length / (shape[0] as number);
  return data.slice(s * size, (s + 1) * size);
}

describe.each(["eager", "compiled"])("ten steps equal PyTorch's, %s", (way) => {
  const { start, grads, cases } = read<Optimizers>("optimizers.json");
  test.each(cases.map((c) => [`${c.optimizer} ${JSON.stringify(c.options)}`, c] as const))("%s", (_, c) => {
    const Optimizer = exported[c.optimizer] as new (parameters: Tensor[], options: object) => optim.Optimizer;
    const p = tensor([...start.data], start.shape, { requiresGrad: true });
    const optimizer = new Optimizer([p], c.options);
    const update = (grad: Tensor): Tensor => {
      optimizer.zeroGrad();
      const loss = sum(add(mul(p, grad), mul(mul(p, p), 0.25)));
      loss.backward();
      optimizer.step();
      return loss.detach();
    };
    const step = way === "eager" ? update : compile(update);
    for (let s = 0; s < 10; s++) {
      step(tensor(row(grads, s), start.shape));
      const { pass, message } = closeTo(p, tensor(row(c.steps, s), start.shape), { scale: 1e-5, atol: 1e-6 });
      expect(pass, `step ${s}: ${message}`).toBe(true);
    }
  });
});

describe("thirty rates equal PyTorch's", () => {
  const cases = read<ScheduleCase[]>("schedules.json");
  test.each(cases.map((c) => [`${c.schedule} ${JSON.stringify(c.args)}`, c] as const))("%s", (_, c) => {
    const schedule = (exported[c.schedule] as (args: object) => optim.Schedule)(c.args);
    for (const [i, rate] of c.rates.entries()) expect(schedule(i, 0.1), `rate of step ${i}`).toBeCloseTo(rate, 12);
  });
});
