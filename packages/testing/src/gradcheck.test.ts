import { apply, exp, isFloat, mul, type Op, type OpName, ops, type Sample, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";
import { sampleTensors } from "./samples.ts";

/** Ops that have no gradient, each with the reason. */
const withoutGradient: { readonly [name in OpName]?: string } = {
  argmax: "an index",
  argmin: "an index",
  bitwiseAnd: "no floats",
  equal: "a truth value",
  full: "no inputs",
  greater: "a truth value",
  greaterEqual: "a truth value",
  less: "a truth value",
  lessEqual: "a truth value",
  logicalAnd: "a truth value",
  logicalNot: "a truth value",
  logicalOr: "a truth value",
  notEqual: "a truth value",
  randomUniform: "depends on the state alone, which is int32",
};

/** Where the samples of an op do not lead through its gradient rule. */
const more: { readonly [name in OpName]?: readonly Sample<unknown>[] } = {
  cast: [{ attrs: { dtype: "float64" }, inputs: [[4]] }],
  clamp: [
    {
      attrs: {},
      inputs: [
        [3],
        { shape: [2, 1], dtype: "float64", values: [-0.5, 0.5] },
        { shape: [], dtype: "float64", values: [1] },
      ],
    },
  ],
  hardtanh: [
    {
      attrs: {},
      inputs: [
        [3],
        { shape: [2, 1], dtype: "float64", values: [-0.5, 0.5] },
        { shape: [], dtype: "float64", values: [1] },
      ],
    },
  ],
};

/** The differentiable part of an op on a sample, as a function of tensors; statistics of batchNorm carry no gradient. */
const first =
  (op: Op, attrs: unknown) =>
  (...inputs: Tensor[]): Tensor =>
    apply(op, inputs, attrs)[0] as Tensor;

describe.each(Object.values(ops))("$name", (op) => {
  const samples = [...op.samples, ...(more[op.name] ?? [])].map(({ attrs, inputs }) => ({
    attrs,
    inputs: sampleTensors(inputs, { float: "float64", requiresGrad: true }),
  }));
  const usable = samples.filter(({ attrs, inputs }) => {
    const [output] = op.infer(attrs, ...inputs);
    return inputs.some((t) => t.requiresGrad) && output && isFloat(output.dtype);
  });

  if (withoutGradient[op.name]) {
    test(`has no gradient: ${withoutGradient[op.name]}`, () => expect(op.grad).toBeUndefined());
    return;
  }
  test("has samples, and a gradient", () => {
    expect(op.grad).toBeDefined();
    expect(usable.length).toBeGreaterThan(0);
  });
  test.each(usable)("gradient, sample $#", ({ attrs, inputs }) => gradcheck(first(op, attrs), inputs));
  const several = usable.filter(({ inputs }) => inputs.filter((t) => t.requiresGrad).length > 1);
  test.each(several)("gradient of each input alone, sample $#", ({ attrs, inputs }) => {
    const all = inputs.map((t, i) => (t.requiresGrad ? i : -1)).filter((i) => i >= 0);
    for (const i of all) {
      const frozen = inputs.map((t, j) => (j === i ? t : t.detach()));
      gradcheck(first(op, attrs), frozen);
    }
  });
  test.each(usable)("second derivative, sample $#", ({ attrs, inputs }) => gradgradcheck(first(op, attrs), inputs));
});

describe("gradcheck", () => {
  const x = tensor(Float64Array.of(0.3, -0.7), [2], { requiresGrad: true });
  // d(x·y)/dy is left out: y counts as a constant.
  const wrong = (t: Tensor): Tensor => mul(t, exp(t).detach());

  test("finds a wrong gradient", () => {
    expect(() => gradcheck(wrong, [x])).toThrowError(/gradient with respect to input 0: 2 of 2 elements differ/);
  });
  test("finds a wrong second gradient", () => {
    const cut = (t: Tensor): Tensor => mul(mul(t, t), exp(t.detach()));
    expect(() => gradgradcheck(cut, [x])).toThrowError(/differ/);
  });
  test("refuses inputs that show nothing", () => {
    expect(() => gradcheck(exp, [tensor([1])])).toThrowError(/no input requires a gradient/);
    expect(() => gradcheck(exp, [tensor([1], [1], { requiresGrad: true })])).toThrowError(/expected float64/);
  });
});
