import { readFileSync } from "node:fs";
import { BatchNorm2d, Buffer, Conv2d, Linear, Module, Parameter, ReLU, Sequential } from "@graftjs/nn";
import { add, compile, mul, sum, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import {
  Adam,
  clipGradAdaptive,
  clipGradNorm,
  clipGradValue,
  ExponentialMovingAverage,
  Lookahead,
  type OptimizerLike,
  SAM,
  SGD,
  StochasticWeightAverage,
  updateBatchNorm,
  type WeightAverage,
} from "./index.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Named {
  readonly [name: string]: Values;
}

interface Wrapped {
  readonly options: object;
  readonly steps: Named;
}

interface Goldens {
  readonly start: Named;
  readonly grads: Named;
  readonly sam: readonly Wrapped[];
  readonly lookahead: readonly Wrapped[];
  readonly averages: { readonly equal: Named; readonly buffers: Named };
  readonly batchStatistics: { readonly state: Named; readonly batches: readonly Values[]; readonly after: Named };
  readonly adaptiveClip: readonly {
    readonly parameter: Values;
    readonly grad: Values;
    readonly options: object;
    readonly clipped: Values;
  }[];
  readonly clip: readonly {
    readonly maxNorm: number;
    readonly normType: number | "Infinity";
    readonly norm: Values;
    readonly grads: Named;
  }[];
  readonly clipValue: { readonly grads: Named };
}

const goldens = JSON.parse(
  readFileSync(new URL("../../../fixtures/nn/optimizers.json", import.meta.url), "utf8"),
) as Goldens;

const load = ({ shape, data }: Values): Tensor => tensor([...data], shape);

/** Row `s` of stored [steps, ...] values. */
function row({ shape, data }: Values, s: number): Values {
  const size = data.length / (shape[0] as number);
  return { shape: shape.slice(1), data: data.slice(s * size, (s + 1) * size) };
}

function expectClose(name: string, actual: Tensor | null | undefined, expected: Values): void {
  expect(actual?.shape, `shape of ${name}`).toEqual(expected.shape);
  const { pass, message } = closeTo(actual as Tensor, expected.data, { rtol: 1e-5, scale: 1e-5, atol: 1e-7 });
  expect(pass, `${name}: ${message}`).toBe(true);
}

function leaves(): Record<"w" | "b", Tensor> {
  const [w, b] = [goldens.start.w, goldens.start.b].map((v) => load(v as Values)) as [Tensor, Tensor];
  for (const leaf of [w, b]) leaf.requiresGrad = true;
  return { w, b };
}

/** The loss of the goldens, whose gradient is grad + p / 2. */
function lossOf({ w, b }: Record<"w" | "b", Tensor>, gw: Tensor, gb: Tensor): Tensor {
  const of = (p: Tensor, g: Tensor): Tensor => sum(add(mul(p, g), mul(mul(p, p), 0.25)));
  return add(of(w, gw), of(b, gb));
}

const rowOf = (s: number): [Tensor, Tensor] => [
  load(row(goldens.grads.w as Values, s)),
  load(row(goldens.grads.b as Values, s)),
];

const ways = ["eager", "compiled"] as const;

describe.each(ways)("wrappers over ten steps, %s", (way) => {
  test.each(goldens.sam.map((c) => [JSON.stringify(c.options), c] as const))("SAM %s", (_, { options, steps }) => {
    const p = leaves();
    const sam = new SAM(new SGD(Object.values(p), { learningRate: 0.1, momentum: 0.9 }), options);
    const update = (gw: Tensor, gb: Tensor): Tensor => {
      const loss = sam.step(() => {
        const inner = lossOf(p, gw, gb);
        inner.backward();
        return inner;
      });
      return loss.detach();
    };
    const step = way === "eager" ? update : compile(update);
    for (let s = 0; s < 10; s++) {
      const given = rowOf(s);
      const before = lossOf(p, ...given).item();
      expect(step(...given).item(), "the loss at the parameters themselves").toBeCloseTo(before, 5);
      for (const name of ["w", "b"] as const) expectClose(`${name} after ${s}`, p[name], row(steps[name] as Values, s));
    }
  });

  test.each(goldens.lookahead.map((c) => [JSON.stringify(c.options), c] as const))(
    "Lookahead %s",
    (_, { options, steps }) => {
      const p = leaves();
      const optimizer = new Lookahead(new SGD(Object.values(p), { learningRate: 0.1, momentum: 0.9 }), options);
      let traces = 0;
      const update = (gw: Tensor, gb: Tensor): void => {
        traces++;
        optimizer.zeroGrad();
        lossOf(p, gw, gb).backward();
        optimizer.step();
      };
      const step = way === "eager" ? update : compile(update);
      for (let s = 0; s < 10; s++) {
        step(...rowOf(s));
        for (const name of ["w", "b"] as const)
          expectClose(`${name} after ${s}`, p[name], row(steps[name] as Values, s));
      }
      if (way === "compiled") expect(traces).toBe(1);
    },
  );

  test.each([
    ["copies buffers", goldens.averages.equal, {}],
    ["averages buffers", goldens.averages.buffers, { buffers: "average" }],
  ] as const)("the equal average %s", (_, expected, options) => {
    class Pair extends Module {
      readonly weight = new Parameter(load(goldens.start.w as Values));
      readonly running = new Buffer(load(goldens.start.b as Values));
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    const pair = new Pair();
    const average = new StochasticWeightAverage(pair, options);
    const update = (weight: Tensor, running: Tensor): void => {
      pair.weight.assign(weight);
      pair.running.assign(running);
      average.update();
    };
    const step = way === "eager" ? update : compile(update);
    for (let s = 0; s < 10; s++) {
      step(...rowOf(s));
      const { tensors } = average.stateDict();
      expectClose(`weight after ${s}`, tensors.weight, row(expected.weight as Values, s));
      expectClose(`buffer after ${s}`, tensors.running, row(expected.running as Values, s));
    }
  });
});

describe.each(ways)("batch statistics of a network, %s", (way) => {
  const { state, batches, after } = goldens.batchStatistics;

  function network(): Sequential {
    const net = new Sequential(
      new Conv2d(2, 3, 2),
      new BatchNorm2d(3, { momentum: 0.3 }),
      new ReLU(),
      new Conv2d(3, 2, 1),
      new BatchNorm2d(2),
    );
    net.loadStateDict(Object.fromEntries(Object.entries(state).map(([name, v]) => [name, load(v)])));
    return net;
  }

  test("are those of PyTorch", async () => {
    const net = network().eval();
    const forward = way === "eager" ? undefined : compile((x: Tensor) => net.forward(x));
    async function* loader(): AsyncGenerator<Tensor[]> {
      for (const batch of batches) yield [load(batch)];
    }
    await updateBatchNorm(loader(), net, forward);
    const now = net.stateDict();
    for (const [name, v] of Object.entries(after)) expectClose(name, now[name], v);
    expect(net.training).toBe(false);
    await updateBatchNorm([], net, forward);
    for (const [name, v] of Object.entries(after)) expectClose(name, now[name], v);
  });

  test("are kept where frozen", async () => {
    const net = network();
    const frozen = [...net.children().values()][1] as Module;
    frozen.freeze();
    const before = Object.values(frozen.stateDict()).map((t) => [...t.toArray()]);
    await updateBatchNorm(batches.map(load), net);
    expect(Object.values(frozen.stateDict()).map((t) => [...t.toArray()])).toEqual(before);
    expect(net.training).toBe(true);
  });
});

describe.each(ways)("clipping, %s", (way) => {
  const run = (fn: (...inputs: Tensor[]) => Tensor[]) => (way === "eager" ? fn : compile(fn));

  test.each(goldens.adaptiveClip.map((c) => [c.parameter.shape, JSON.stringify(c.options), c] as const))(
    "adaptive, of %s, %s",
    (_shape, _options, { parameter, grad, options, clipped }) => {
      const p = load(parameter);
      p.requiresGrad = true;
      const [result] = run((g) => {
        p.grad = null;
        sum(mul(p, g as Tensor)).backward();
        clipGradAdaptive([p], options);
        return [p.grad as unknown as Tensor];
      })(load(grad));
      expectClose("gradient", result, clipped);
    },
  );

  /** Gradients of the first step, clipped. */
  function clipped(clip: (p: Tensor[]) => Tensor | undefined): Tensor[] {
    const p = leaves();
    return run((gw, gb) => {
      p.w.grad = null;
      p.b.grad = null;
      lossOf(p, gw as Tensor, gb as Tensor).backward();
      const norm = clip([p.w, p.b]);
      return [p.w.grad as unknown as Tensor, p.b.grad as unknown as Tensor, ...(norm ? [norm] : [])];
    })(...rowOf(0));
  }

  test.each(goldens.clip.map((c) => [c.maxNorm, c.normType, c] as const))("to %s, norm %s", (_max, _p, c) => {
    const [w, b, norm] = clipped((p) => clipGradNorm(p, c.maxNorm, { normType: Number(c.normType) }));
    expectClose("norm", norm, c.norm);
    expectClose("w", w, c.grads.w as Values);
    expectClose("b", b, c.grads.b as Values);
  });

  test("to values", () => {
    const [w, b] = clipped((p) => {
      clipGradValue(p, 0.5);
      return undefined;
    });
    expectClose("w", w, goldens.clipValue.grads.w as Values);
    expectClose("b", b, goldens.clipValue.grads.b as Values);
  });
});

describe.each(ways)("around an optimiser, %s", (way) => {
  test("what is frozen stays bit for bit, and has no state", () => {
    const [a, b] = [tensor([1, 2], [2], { requiresGrad: true }), tensor([3], [1], { requiresGrad: true })];
    const frozen = tensor([4, 5], [2]);
    const optimizer = new SAM(new Lookahead(new Adam([a, frozen, b], { weightDecay: 0.1 }), { k: 2 }), { rho: 0.5 });
    const average = new StochasticWeightAverage([a, frozen, b]);
    const update = (): void => {
      optimizer.step(() =>
        [a, frozen, b]
          .map((p) => sum(mul(p, p)))
          .reduce((x, y) => add(x, y))
          .backward(),
      );
      average.update();
    };
    const step = way === "eager" ? update : compile(update);
    step();
    const before = [...b.toArray()];
    b.requiresGrad = false;
    for (let i = 0; i < 4; i++) step();
    expect([...frozen.toArray()]).toEqual([4, 5]);
    expect([...(average.tensors[1] as Tensor).toArray()]).toEqual([4, 5]);
    expect([...b.toArray()]).toEqual(before);
    expect(Object.keys(optimizer.stateDict().tensors).filter((name) => /(^|\.)1\./.test(name))).toEqual([]);
    expect([...a.toArray()]).not.toEqual([1, 2]);
  });

  test("SAM follows a schedule through its groups", () => {
    const p = tensor([1], [1], { requiresGrad: true });
    const optimizer: Pick<OptimizerLike, "groups"> = new SAM(new SGD([p], { learningRate: 1 }));
    for (const group of optimizer.groups) group.learningRate = 0.5;
    expect(optimizer.groups[0]?.learningRate).toBe(0.5);
  });
});

test("during evaluation the averages are in place, also of a promise and after a failure", async () => {
  const layer = new Linear(2, 1);
  const own = [...layer.weight.toArray()];
  const average: WeightAverage = new ExponentialMovingAverage(layer, { decay: 0 });
  layer.weight.assign([5, 6]);
  expect(average.during(() => [...layer.weight.toArray()])).toEqual(own);
  expect([...layer.weight.toArray()]).toEqual([5, 6]);
  await expect(average.during(async () => [...layer.weight.toArray()])).resolves.toEqual(own);
  expect([...layer.weight.toArray()]).toEqual([5, 6]);
  expect(() =>
    average.during(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect([...layer.weight.toArray()]).toEqual([5, 6]);
});

test("options out of range are named", () => {
  const base = new SGD([tensor([1], [1], { requiresGrad: true })]);
  expect(() => new SAM(base, { rho: -1 })).toThrow("SAM: expected rho >= 0, got -1");
  expect(() => new Lookahead(base, { k: 0 })).toThrow(
    "Lookahead: expected an integer k >= 1, and alpha in [0, 1], got 0",
  );
  expect(() => new ExponentialMovingAverage([], { decay: 2 })).toThrow("expected decay in [0, 1], got 2");
});
