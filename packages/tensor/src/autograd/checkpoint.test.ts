import { describe, expect, test } from "vitest";
import { referenceDevice } from "../device/reference.ts";
import { AutogradError } from "../errors.ts";
import { compile } from "../graph/compile.ts";
import { plan } from "../graph/plan.ts";
import { Tracer } from "../graph/tracer.ts";
import { add } from "../ops/add.ts";
import { cast } from "../ops/cast.ts";
import { conv2d } from "../ops/conv2d.ts";
import { matmul } from "../ops/matmul.ts";
import { mul } from "../ops/mul.ts";
import { relu } from "../ops/relu.ts";
import { sigmoid } from "../ops/sigmoid.ts";
import { sum } from "../ops/sum.ts";
import { tanh } from "../ops/tanh.ts";
import { bernoulli, Generator, randomNormal } from "../random.ts";
import { withRuntime } from "../runtime.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { checkpoint } from "./checkpoint.ts";
import { gradients } from "./gradients.ts";
import { noGrad } from "./gradMode.ts";

const leaf = (values: number[]): Tensor => tensor(values, [values.length], { requiresGrad: true });
const list = (t: Tensor | null | undefined): number[] | null => (t ? Array.from(t.toArray()) : null);

/** A parameter matrix. */
function weights(rows: number, columns: number, seed: number): Tensor {
  const t = randomNormal([rows, columns], new Generator(seed));
  t.requiresGrad = true;
  return t;
}

describe("gradients are those of the function itself", () => {
  test("of inputs, of captured parameters and of captured results", () => {
    const run = (wrap: typeof checkpoint): (number[] | null)[] => {
      const [x, w, u] = [weights(3, 4, 1), weights(4, 4, 2), weights(3, 4, 3)];
      const [before, side] = [tanh(x), mul(u, 2)];
      const after = wrap((h) => add(sigmoid(matmul(h, w)), mul(side, side)), before);
      sum(mul(after, after)).backward();
      return [x, w, u].map((t) => list(t.grad));
    };
    expect(run(checkpoint)).toEqual(run((fn, ...inputs) => fn(...inputs)));
  });

  test("through several in a row, and one inside of another", () => {
    const block = (w: Tensor) => (h: Tensor) => tanh(matmul(h, w));
    const run = (outer: typeof checkpoint, inner: typeof checkpoint): (number[] | null)[] => {
      const ws = [1, 2, 3, 4].map((seed) => weights(4, 4, seed)) as [Tensor, Tensor, Tensor, Tensor];
      const x = weights(2, 4, 5);
      const middle = outer((h) => inner(block(ws[1]), inner(block(ws[0]), h)), x);
      sum(outer(block(ws[3]), outer(block(ws[2]), middle))).backward();
      return [...ws, x].map((t) => list(t.grad));
    };
    const plain: typeof checkpoint = (fn, ...inputs) => fn(...inputs);
    const expected = run(plain, plain);
    expect(run(checkpoint, plain)).toEqual(expected);
    expect(run(checkpoint, checkpoint)).toEqual(expected);
  });

  test("of several results, of which some are not used, and some are inputs", () => {
    const [x, y] = [leaf([2]), leaf([3])];
    const [product, unused, same] = checkpoint((a, b) => [mul(a, b), add(a, b), a], x, y) as [Tensor, Tensor, Tensor];
    expect(same).toBe(x);
    expect(unused.requiresGrad).toBe(true);
    add(mul(product, 10), same).backward();
    expect([list(x.grad), list(y.grad)]).toEqual([[31], [20]]);
  });

  test("where captured results depend on each other, each is counted once", () => {
    const x = leaf([3]);
    const a = mul(x, 2);
    const b = mul(a, a);
    checkpoint(() => mul(a, b)).backward();
    // (2x)³
    expect(list(x.grad)).toEqual([24 * 9]);
  });

  test("of higher order", () => {
    const x = leaf([3]);
    const y = checkpoint((a) => mul(mul(a, a), a), x);
    const [first] = gradients(y, [x], { createGraph: true }) as [Tensor];
    expect([list(first), list(gradients(first, [x])[0])]).toEqual([[27], [18]]);
  });

  test("nothing is recorded where nothing requires a gradient", () => {
    expect(checkpoint(relu, tensor([1])).tape).toBeNull();
    expect(noGrad(() => checkpoint(relu, leaf([1]))).tape).toBeNull();
  });

  test("an assignment to an input or a parameter before backward is found", () => {
    const [x, w] = [leaf([1]), leaf([2])];
    const y = checkpoint((a) => mul(a, w), x);
    w.assign([5]);
    expect(() => y.backward()).toThrow(AutogradError);
  });
});

describe("the second run", () => {
  test("happens in backward, and keeps nothing of the first", () => {
    let runs = 0;
    const x = leaf([1]);
    const y = checkpoint((a) => {
      runs++;
      return mul(tanh(a), a);
    }, x);
    expect([runs, y.tape?.inputs]).toEqual([1, [x]]);
    y.backward();
    expect(runs).toBe(2);
  });

  test("draws the same random numbers, and leaves the generator where it was", () => {
    const run = (wrap: typeof checkpoint): (number[] | null)[] => {
      const generator = new Generator(7);
      const x = leaf(Array.from({ length: 64 }, (_, i) => i));
      const drop = (h: Tensor): Tensor => mul(mul(h, h), cast(bernoulli([64], generator, 0.5), "float32"));
      sum(wrap((h) => drop(drop(h)), x)).backward();
      return [list(x.grad), list(generator.state), list(generator.uniform([4]))];
    };
    expect(run(checkpoint)).toEqual(run((fn, ...inputs) => fn(...inputs)));
  });

  test("does not update running statistics again", () => {
    const [x, mean] = [leaf([4]), tensor([0])];
    const track = (h: Tensor): Tensor => {
      noGrad(() => mean.assign(add(mul(mean, 0.5), mul(h, 0.5))));
      return mul(h, h);
    };
    const y = checkpoint(track, x);
    expect(list(mean)).toEqual([2]);
    // Whoever assigns meanwhile is not undone.
    mean.assign([9]);
    y.backward();
    expect([list(mean), list(x.grad)]).toEqual([[9], [8]]);
  });

  test("puts everything back when it fails", () => {
    const [x, state] = [leaf([4]), tensor([0])];
    let fails = false;
    const y = checkpoint((h) => {
      state.assign([1]);
      if (fails) throw new Error("second");
      return mul(h, h);
    }, x);
    state.assign([2]);
    fails = true;
    expect(() => y.backward()).toThrow("second");
    expect(list(state)).toEqual([2]);
  });
});

describe("inside of a compiled function", () => {
  const depth = 12;
  const parameters = Array.from({ length: depth }, (_, i) => weights(8, 8, i));
  const block =
    (w: Tensor, generator: Generator, running: Tensor) =>
    (h: Tensor): Tensor => {
      const made = tanh(matmul(relu(matmul(h, w)), w));
      noGrad(() => running.assign(add(mul(running, 0.9), mul(sum(made, { axes: [0] }), 0.1))));
      return add(h, mul(made, mul(cast(bernoulli(made.shape, generator, 0.8), "float32"), 1.25)));
    };

  /** Loss, gradients and states of two steps. */
  function steps(wrap: typeof checkpoint): (number[] | null)[] {
    const [generator, running] = [new Generator(3), zeros([8])];
    const step = compile(
      (x: Tensor) => {
        for (const p of parameters) p.grad = null;
        const h = parameters.reduce((value, w) => wrap(block(w, generator, running), value), x);
        sum(mul(h, h)).backward();
        return [h, ...parameters.map((p) => p.grad as Tensor)];
      },
      { device: referenceDevice },
    );
    const x = randomNormal([4, 8], new Generator(9));
    return [...step(x), ...step(x), running, generator.state].map(list);
  }

  test("gradients, random numbers and statistics are the same", () => {
    expect(steps(checkpoint)).toEqual(steps((fn, ...inputs) => fn(...inputs)));
  });

  test("what requires a gradient is looked at again", () => {
    const [x, w] = [leaf([2]), leaf([3])];
    const step = compile(
      () => {
        x.grad = null;
        const y = checkpoint((a) => mul(a, w), x);
        return gradients(y, [w]).map((g) => g ?? zeros([1])) as [Tensor];
      },
      { device: referenceDevice },
    );
    expect(list(step()[0])).toEqual([2]);
    w.requiresGrad = false;
    expect(list(step()[0])).toEqual([0]);
  });

  test("the planned memory of a deep network falls", () => {
    const kernels = Array.from({ length: 16 }, (_, i) => {
      const t = randomNormal([4, 4, 3, 3], new Generator(i));
      t.requiresGrad = true;
      return t;
    });
    const layer =
      (w: Tensor) =>
      (h: Tensor): Tensor =>
        add(h, relu(conv2d(tanh(conv2d(h, w, null, { padding: 1 })), w, null, { padding: 1 })));
    const arena = (wrap: typeof checkpoint): number => {
      const tracer = new Tracer([zeros([2, 4, 32, 32])]);
      const graph = withRuntime({ tracer }, () => {
        const [x] = tracer.arguments() as [Tensor];
        let h = x;
        for (let i = 0; i < 16; i += 4) {
          h = wrap((a) => kernels.slice(i, i + 4).reduce((value, w) => layer(w)(value), a), h);
        }
        return tracer.finish(gradients(sum(mul(h, h)), kernels) as Tensor[]);
      });
      return plan(graph, { workspaceBytes: () => 0 }).arenaBytes;
    };
    const [plain, checkpointed] = [arena((fn, ...inputs) => fn(...inputs)), arena(checkpoint)];
    expect(checkpointed).toBeLessThan(plain / 2);
  });
});
