import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  clipGradNorm,
  clipGradValue,
  ExponentialMovingAverage,
  LAMB,
  Lion,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from "@graftjs/optim";
import { add, compile, type Device, matmul, mul, reshape, slice, sub, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { expectClose } from "./close.ts";
import { onDevice, type Runner } from "./device.ts";
import { Golden, goldenEntry } from "./files.ts";

type Args = Readonly<Record<string, unknown>>;

interface Case {
  readonly name: string;
  readonly problem: "quad" | "fixed";
  readonly optimizer: string;
  readonly args: Args;
  readonly f32_max_abs_err: number;
}

/** PyTorch's words for options. */
const words: Readonly<Record<string, string>> = { lr: "learningRate", lr_decay: "learningRateDecay" };

function options({ max_grad_norm: _, ...args }: Args): object {
  const camelCase = (name: string): string => name.replace(/_[a-z]/g, (part) => part.slice(1).toUpperCase());
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [words[name] ?? camelCase(name), value]));
}

const optimizers: Readonly<Record<string, (parameters: Tensor[], args: object) => Optimizer>> = {
  "torch.SGD": (parameters, args) => new SGD(parameters, args),
  "torch.Adam": (parameters, args) => new Adam(parameters, args),
  "torch.AdamW": (parameters, args) => new AdamW(parameters, args),
  "torch.Adamax": (parameters, args) => new Adamax(parameters, args),
  "torch.NAdam": (parameters, args) => new NAdam(parameters, args),
  "torch.RAdam": (parameters, args) => new RAdam(parameters, args),
  "torch.RMSprop": (parameters, args) => new RMSprop(parameters, args),
  "torch.Adagrad": (parameters, args) => new Adagrad(parameters, args),
  "torch.Adadelta": (parameters, args) => new Adadelta(parameters, args),
  "torch.Rprop": (parameters, args) => new Rprop(parameters, args),
  "torch.ASGD": (parameters, args) => new ASGD(parameters, args),
  "torch.Adafactor": (parameters, args) => new Adafactor(parameters, args),
  "timm.Lamb": (parameters, args) => new LAMB(parameters, args),
  "timm.Lion": (parameters, args) => new Lion(parameters, args),
};

/** Muon computes in bfloat16, whose rounding is not that of ours; the rest are single steps, tested by themselves. */
const others: readonly string[] = ["torch.Muon", "-"];

function leaf(values: Tensor): Tensor {
  return tensor(values.toArray(), values.shape, { requiresGrad: true });
}

/** Step `s` of a golden's [steps, ...] values. */
function at(values: Tensor, s: number): Tensor {
  return reshape(slice(values, 0, s, s + 1), values.shape.slice(1));
}

/** Ten steps of each optimiser, single ones of clipping and averaging, eagerly and compiled, both on `device`. */
export function optimizerSuite(device: Device): void {
  const { file, cases } = goldenEntry<{ file: string; cases: readonly Case[] }>("optimizers");
  const golden = new Golden(file);
  const runners: Readonly<Record<string, Runner>> = {
    eager:
      (fn) =>
      (...inputs) =>
        onDevice(device, () => fn(...inputs)),
    compiled: (fn) => compile(fn, { device }),
  };
  const known = cases.filter((c) => Object.hasOwn(optimizers, c.optimizer) && c.name !== "groups_sgd");
  test("every optimiser is known", () => {
    const unknown = cases.filter((c) => !Object.hasOwn(optimizers, c.optimizer) && !others.includes(c.optimizer));
    expect(unknown.map((c) => c.name)).toEqual([]);
  });
  describe.each(Object.entries(runners))("%s", (_, run) => {
    test.each(known.map((c) => [`${c.name}, ${c.problem}`, c] as const))("%s", (_name, c) => runCase(golden, c, run));
    test("groups with rates of their own", () => runGroups(golden, run));
    test("clipping", () => runClipping(golden, run));
    test("moving average", () => runAverage(golden, run));
  });
}

function runCase(golden: Golden, { name, problem, optimizer: kind, args, f32_max_abs_err }: Case, run: Runner): void {
  const [w, b] = [leaf(golden.get("init/w")), leaf(golden.get("init/b"))];
  const optimizer = optimizers[kind]?.([w, b], options(args)) as Optimizer;
  const { max_grad_norm: maxNorm } = args;
  const clip = typeof maxNorm === "number" ? () => clipGradNorm([w, b], maxNorm) : () => {};
  trainBySteps(golden, `${name}/${problem}`, { w, b }, { optimizer, clip }, run, 4 * f32_max_abs_err, problem);
}

function trainBySteps(
  golden: Golden,
  prefix: string,
  { w, b }: { w: Tensor; b: Tensor },
  { optimizer, clip = () => {} }: { readonly optimizer: Optimizer; readonly clip?: () => unknown },
  run: Runner,
  slack: number,
  problem: "quad" | "fixed",
): void {
  const quadratic = (x: Tensor, a: Tensor, c: Tensor): Tensor => sum(mul(x, sub(mul(matmul(a, x), 0.5), c)));
  const column = (x: Tensor): Tensor => reshape(x, [-1, 1]);
  const step = run((gw: Tensor, gb: Tensor) => {
    optimizer.zeroGrad();
    const loss =
      problem === "fixed"
        ? add(sum(mul(w, gw)), sum(mul(b, gb)))
        : add(
            quadratic(w, golden.get("quad/A_w"), golden.get("quad/C_w")),
            quadratic(column(b), golden.get("quad/A_b"), column(golden.get("quad/c_b"))),
          );
    loss.backward();
    clip();
    optimizer.step();
    return loss.detach();
  });
  for (let s = 0; s < 10; s++) {
    const loss = step(at(golden.get("fixed/grad_w"), s), at(golden.get("fixed/grad_b"), s));
    expectClose(`w after step ${s}`, w, at(golden.get(`${prefix}/w`), s), 1e-7 + slack);
    expectClose(`b after step ${s}`, b, at(golden.get(`${prefix}/b`), s), 1e-7 + slack);
    if (problem === "quad") {
      const expected = golden.get(`${prefix}/loss`).toArray()[s] as number;
      expect(Math.abs(loss.item() - expected)).toBeLessThanOrEqual(
        1e-5 * Math.max(10, Math.abs(expected)) + 10 * slack,
      );
    }
  }
}

function runGroups(golden: Golden, run: Runner): void {
  const [w, b] = [leaf(golden.get("init/w")), leaf(golden.get("init/b"))];
  const groups = [{ parameters: [w], learningRate: 0.01, weightDecay: 0.1 }, { parameters: [b] }];
  const optimizer = new SGD(groups, { learningRate: 0.1, momentum: 0.9 });
  trainBySteps(golden, "groups_sgd/fixed", { w, b }, { optimizer }, run, 4e-6, "fixed");
}

function runClipping(golden: Golden, run: Runner): void {
  const [w, b] = [leaf(golden.get("init/w")), leaf(golden.get("init/b"))];
  const [gw, gb] = [at(golden.get("fixed/grad_w"), 0), at(golden.get("fixed/grad_b"), 0)];
  const clipped = (clip: () => Tensor | undefined): Record<string, Tensor> =>
    run((x: Tensor, y: Tensor) => {
      w.grad = null;
      b.grad = null;
      add(sum(mul(w, x)), sum(mul(b, y))).backward();
      const norm = clip();
      return Object.fromEntries(
        Object.entries({ grad_w: w.grad, grad_b: b.grad, total_norm: norm }).filter(
          (e): e is [string, Tensor] => !!e[1],
        ),
      );
    })(gw, gb);
  const byNorm = clipped(() => clipGradNorm([w, b], 1));
  expect(Object.keys(byNorm)).toHaveLength(3);
  for (const [name, value] of Object.entries(byNorm)) expectClose(name, value, golden.get(`clip_norm/${name}`));
  const byValue = clipped(() => void clipGradValue([w, b], 0.5));
  for (const [name, value] of Object.entries(byValue)) expectClose(name, value, golden.get(`clip_value/${name}`));
}

function runAverage(golden: Golden, run: Runner): void {
  const weight = leaf(golden.get("init/w"));
  const average = new ExponentialMovingAverage([weight], { decay: 0.9 });
  const update = run((next: Tensor) => {
    weight.assign(next);
    average.update();
  });
  for (let s = 0; s < 10; s++) {
    update(at(golden.get("sgd_momentum/quad/w"), s));
    expectClose(`average after ${s}`, average.tensors[0] as Tensor, at(golden.get("ema/w"), s));
  }
}
