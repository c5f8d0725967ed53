import { describe, expect, test } from "vitest";
import { graphOf } from "../../test/graphOf.ts";
import { gradients } from "../autograd/gradients.ts";
import { add } from "../ops/add.ts";
import { batchNorm } from "../ops/batchNorm.ts";
import { conv2d } from "../ops/conv2d.ts";
import { exp } from "../ops/exp.ts";
import { expand } from "../ops/expand.ts";
import { matmul } from "../ops/matmul.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { relu } from "../ops/relu.ts";
import { flatten, reshape } from "../ops/reshape.ts";
import { sigmoid } from "../ops/sigmoid.ts";
import { sub } from "../ops/sub.ts";
import { sum } from "../ops/sum.ts";
import { tanh } from "../ops/tanh.ts";
import { numel } from "../shape.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import type { Output } from "./compile.ts";
import { type Plan, type PlannedCall, type PlanOptions, plan } from "./plan.ts";

const prepared = { input: 1, bytes: 1024 };

/** The plan of `fn`, traced for inputs of these shapes. */
function planOf(fn: (...inputs: Tensor[]) => Output, ...shapes: number[][]): Plan {
  return planWith({}, fn, ...shapes);
}

function planWith(options: Partial<PlanOptions>, fn: (...inputs: Tensor[]) => Output, ...shapes: number[][]): Plan {
  return plan(graphOf(fn, ...shapes), {
    workspaceBytes: () => 0,
    preparation: (call) => (call.kernel === "conv2d" ? prepared : null),
    ...options,
  });
}

const kernels = (p: Plan): string[] => p.calls.map((c) => c.call.kernel);
const parameter = (...shape: number[]): Tensor => zeros(shape, { requiresGrad: true });

test("states are updated as soon as nobody wants the old value, so that gradients die early", () => {
  const weights = Array.from({ length: 6 }, () => parameter(8, 8));
  const p = planOf(
    (x) => {
      const y = weights.reduce((h, w) => tanh(matmul(h, w)), x);
      const rate = mul(mul(zeros([1]), 2), 3);
      gradients(sum(y), weights).forEach((g, i) => {
        const w = weights[i] as Tensor;
        w.assign(sub(w, mul(g as Tensor, rate)));
      });
    },
    [2, 8],
  );
  const updates = p.calls.flatMap(({ outputs: [to] }, i) => (to?.kind === "state" ? [i] : []));
  expect(updates.length).toBe(6);
  const gradientsBefore = p.calls
    .slice(0, updates[0])
    .filter(({ call }) => call.kernel === "matmul" && `${call.outputs[0]?.spec.shape}` === "8,8");
  expect(gradientsBefore.length).toBe(1);
  // Straight into the states, and only one gradient at a time besides the activations.
  expect(p.arenaBytes).toBeLessThan(6 * 256);
});

describe("dead code", () => {
  test("is left out", () => {
    const p = planOf(
      (x) => {
        matmul(x, x);
        sum(exp(x));
        return add(x, 1);
      },
      [4, 4],
    );
    expect(kernels(p)).toEqual(["chain"]);
  });

  test("below the freeze boundary there is no gradient", () => {
    const backbone = zeros([8, 3, 3, 3]);
    const head = parameter(5, 8 * 6 * 6);
    const step = (x: Tensor): void => {
      const features = flatten(relu(conv2d(x, backbone, null, { padding: 1 })), 1);
      const loss = mean(matmul(features, head, { transposeB: true }));
      const [grad] = gradients(loss, [head]) as [Tensor];
      head.assign(sub(head.detach(), mul(grad, 0.1)));
    };
    const names = kernels(planOf(step, [2, 3, 6, 6]));
    expect(names.filter((k) => k === "conv2d").length).toBe(1);
    expect(names).not.toContain("conv2dInputGrad");
    expect(names).not.toContain("conv2dWeightGrad");
    // Of the product, the gradient of the head alone; the forward result is not needed for it.
    expect(names.filter((k) => k === "matmul").length).toBe(1);
  });

  test("no gradient with respect to the images either", () => {
    const w = parameter(8, 3, 3, 3);
    const names = kernels(planOf((x) => gradients(sum(relu(conv2d(x, w))), [w])[0] as Tensor, [2, 3, 6, 6]));
    expect(names).toContain("conv2dWeightGrad");
    expect(names).not.toContain("conv2dInputGrad");
  });
});

describe("fusion", () => {
  test("makes one pass of a chain, broadcast operands and numbers included", () => {
    const bias = zeros([7]);
    const p = planOf((x) => mul(sigmoid(add(mul(x, 2), bias)), tanh(sub(1, x))), [5, 7]);
    expect(kernels(p)).toEqual(["chain"]);
  });

  test("folds bias, residual and relu into what they follow", () => {
    const [w, b] = [zeros([3, 3, 1, 1]), zeros([3])];
    expect(kernels(planOf((x) => relu(add(conv2d(x, w, b), x)), [1, 3, 4, 4]))).toEqual(["conv2d"]);
    const [matrix, row] = [zeros([4, 6]), zeros([6])];
    expect(kernels(planOf((x) => relu(add(matmul(x, matrix), row)), [2, 4]))).toEqual(["matmul"]);
  });
});

describe("scale and shift of channels", () => {
  const [w, scale, shift] = [zeros([3, 3, 1, 1]), zeros([3, 1, 1]), zeros([3, 1, 1])];
  const normal = (y: Tensor, s: Tensor): Tensor => add(mul(y, s), shift);
  const convolutions = (p: Plan): PlannedCall["call"][] =>
    p.calls.map((c) => c.call).filter((c) => c.kernel === "conv2d");

  test("become part of the convolution, and what follows its epilogue", () => {
    const p = planOf((x) => relu(add(normal(conv2d(x, w), scale), x)), [2, 3, 4, 4]);
    expect(kernels(p).at(-1)).toBe("conv2d");
    expect(convolutions(p)[0]?.attrs).toMatchObject({
      epilogue: { residual: true, clamp: [0, Number.POSITIVE_INFINITY] },
    });
    // Nothing of the size of the result is left to do.
    const sizes = p.calls.slice(0, -1).flatMap((c) => c.call.outputs.map((v) => numel(v.spec.shape)));
    expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(9);
  });

  test("stay apart where a gradient or an output needs what is between", () => {
    const learned = parameter(3, 1, 1);
    const withGradient = planOf(
      (x) => gradients(sum(relu(normal(conv2d(x, w), learned))), [learned])[0] as Tensor,
      [2, 3, 4, 4],
    );
    expect(convolutions(withGradient)[0]?.inputs[1]).toMatchObject({ spec: { shape: [3, 3, 1, 1] } });
    expect(withGradient.calls.some((c) => c.call.kernel === "chain" && c.call.inputs.length > 2)).toBe(true);
    const returned = planOf(
      (x) => {
        const y = conv2d(x, w);
        return [y, normal(y, scale)];
      },
      [2, 3, 4, 4],
    );
    expect(kernels(returned)).toEqual(["conv2d", "chain"]);
  });

  test("stay apart where scaling a weight at each run would be more work", () => {
    const large = parameter(64, 3, 3, 3);
    const p = planOf(
      (x) => {
        const y = relu(mul(conv2d(x, large), zeros([64, 1, 1])));
        large.assign(sub(large.detach(), 1));
        return y;
      },
      [1, 3, 3, 3],
    );
    expect(kernels(p).filter((k) => k === "chain").length).toBe(2);
    expect(convolutions(p)[0]?.inputs[1]).toMatchObject({ spec: { shape: [64, 3, 3, 3] } });
  });
});

describe("constants", () => {
  const [w, scale, shift] = [zeros([4, 3, 3, 3]), zeros([4, 1, 1]), zeros([4, 1, 1])];
  const steps = (p: Plan): string[] => p.prologue.map((s) => `${s.kind} ${s.planned.call.kernel}`);

  test("are computed apart, and what runs read of them is kept", () => {
    const p = planOf((x) => add(mul(conv2d(x, w), exp(scale)), shift), [2, 3, 8, 8]);
    expect(steps(p)).toEqual(["call chain", "call chain", "prepare conv2d"]);
    expect(kernels(p)).toEqual(["conv2d"]);
    expect(new Set(p.constants)).toEqual(new Set([w.storage, scale.storage]));
    const [call] = p.calls as [PlannedCall];
    expect(call.prepared).toEqual({ ...prepared, location: { kind: "kept", offset: 0 } });
    // The scaled weight itself is not kept, only its prepared form.
    expect(p.keptBytes).toBe(prepared.bytes);
  });

  test("are not what a run assigns, nor what depends on it or on an input", () => {
    const p = planOf(
      (x) => {
        const y = conv2d(x, exp(w));
        w.assign(mul(w, 2));
        return y;
      },
      [2, 3, 8, 8],
    );
    expect([p.prologue, p.constants, p.keptBytes]).toEqual([[], [], 0]);
    expect(p.calls.find((c) => c.call.kernel === "conv2d")?.prepared?.location.kind).toBe("arena");
  });

  test("are left to each run where they would be much larger than what they are made of", () => {
    const row = zeros([512]);
    const p = planOf((x) => matmul(expand(row, [1024, 512]), x), [512, 2]);
    expect([p.prologue, p.keptBytes]).toEqual([[], 0]);
    expect(kernels(p)).toEqual(["expand", "matmul"]);
  });

  test("are copied into states, which others may change between runs", () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4])];
    const p = planOf(() => a.assign(mul(b, 2)));
    expect([steps(p), kernels(p)]).toEqual([["call chain"], ["chain"]]);
    expect(p.prologue[0]?.planned.outputs).toEqual([{ kind: "kept", offset: 0 }]);
    expect(p.calls[0]?.outputs).toEqual([{ kind: "state", storage: a.storage }]);
  });
});

describe("memory", () => {
  test("is used again as values die", () => {
    const w = zeros([64, 64]);
    const p = planOf(
      (x) => {
        let y = x;
        for (let i = 0; i < 20; i++) y = matmul(y, w);
        return y;
      },
      [64, 64],
    );
    const one = 64 * 64 * 4;
    expect(p.unsharedBytes).toBe(21 * one);
    expect(p.arenaBytes).toBeLessThanOrEqual(3 * one);
  });

  test("values that are needed at the same time lie apart", () => {
    const p = planOf((x) => [exp(x), matmul(x, x), sum(x)], [8, 8]);
    const spans = p.outputs.map((o, i) => {
      const start = o.kind === "arena" ? o.offset : Number.NaN;
      return [start, start + [256, 256, 4][i]!] as const;
    });
    for (const [i, a] of spans.entries()) {
      for (const b of spans.slice(i + 1)) expect(a[1] <= b[0] || b[1] <= a[0]).toBe(true);
    }
  });

  test("an update is written straight into its parameter", () => {
    const w = tensor([1, 2, 3]);
    const p = planOf((g) => w.assign(sub(w, mul(g, 0.1))), [3]);
    expect(kernels(p)).toEqual(["chain"]);
    expect(p.calls[0]?.outputs).toEqual([{ kind: "state", storage: w.storage }]);
    expect(p.assigned).toEqual([w.storage]);
  });

  test("inputs and outputs can lie outside of it", () => {
    const [w, b] = [zeros([4, 4]), zeros([4])];
    const p = planWith(
      { outside: true },
      (x) => {
        const y = add(exp(matmul(x, w)), 1);
        b.assign(sum(y, { axes: [0] }));
        return [y, x, reshape(y, [16]), b, mul(w, 2), neg(x)];
      },
      [4, 4],
    );
    expect(p.inputs).toEqual([{ kind: "input", index: 0 }]);
    const first = { kind: "output", index: 0 };
    expect(p.outputs.map((o) => o.kind)).toEqual(["output", "input", "output", "state", "kept", "output"]);
    expect([p.outputs[0], p.outputs[2], p.outputs[5]]).toEqual([first, first, { kind: "output", index: 5 }]);
    // The chain that makes the first output does so in the place of what it is made of; none does in an input's.
    const writes = p.calls.flatMap((c) => c.outputs);
    expect(writes.filter((o) => o.kind === "output" && o.index === 0).length).toBe(2);
    expect(writes.some((o) => o.kind === "input")).toBe(false);
    expect(p.arenaBytes).toBe(0);
  });

  test("states are listed once, whoever reads them", () => {
    const [w, b] = [parameter(3), zeros([3])];
    const p = planOf(
      (x) => {
        const { y, mean: batchMean } = batchNorm(mul(x, w), w, b);
        b.assign(batchMean);
        return y;
      },
      [4, 3],
    );
    expect(new Set(p.states)).toEqual(new Set([w.storage, b.storage]));
    expect(p.states.length).toBe(2);
    expect(p.assigned).toEqual([b.storage]);
  });
});

test("what only pays for constants is prepared for them alone", () => {
  const options: Partial<PlanOptions> = {
    preparation: ({ kernel }) => (kernel === "matmul" ? { ...prepared, onlyConstant: true } : null),
  };
  const weight = parameter(4, 4);
  const p = planWith(options, (x, w) => matmul(matmul(x, weight), w), [4, 4], [4, 4]);
  expect(p.prologue.map((s) => s.kind)).toEqual(["prepare"]);
  expect(p.calls.map((c) => c.prepared?.location.kind)).toEqual(["kept", undefined]);
  const trained = planWith(options, (x) => weight.assign(matmul(x, weight)), [4, 4]);
  expect(trained.prologue).toEqual([]);
  expect(trained.calls.some((c) => c.prepared)).toBe(false);
});
