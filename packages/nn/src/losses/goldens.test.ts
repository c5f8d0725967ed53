import { readFileSync } from "node:fs";
import { compile, type DType, gradients, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo, gradcheck } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import * as nn from "../index.ts";

/** A number, or JavaScript's name of what JSON has no word for. */
type Stored = number | "NaN" | "Infinity" | "-Infinity";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly Stored[];
  readonly dtype?: "int32";
}

interface LossCase {
  readonly loss: string;
  readonly inputs: readonly Values[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, Values>>;
  readonly value: Values;
  /** Null for inputs that get none. */
  readonly grads: readonly (Values | null)[];
}

const exported: Readonly<Record<string, unknown>> = { ...nn };

const cases = JSON.parse(
  readFileSync(new URL("../../../../fixtures/nn/losses.json", import.meta.url), "utf8"),
) as readonly LossCase[];

/** The float32 numbers that PyTorch started from, or classes. */
function load({ shape, data, dtype }: Values, float: DType): Tensor {
  return tensor(
    data.map((v) => Math.fround(Number(v))),
    shape,
    { dtype: dtype ?? float },
  );
}

function ready(c: LossCase, dtype: DType): (...inputs: Tensor[]) => Tensor {
  const loss = exported[c.loss] as (...args: readonly unknown[]) => Tensor;
  const tensors = Object.fromEntries(Object.entries(c.tensors).map(([name, values]) => [name, load(values, dtype)]));
  const p = c.options.p === "Infinity" ? { p: Number.POSITIVE_INFINITY } : {};
  const options = { ...c.options, ...tensors, ...p };
  // The target of distillation may be left out.
  const gap = c.loss === "distillationLoss" && c.inputs.length === 2 ? [null] : [];
  return (...inputs) => loss(...inputs, ...gap, options);
}

const named = cases.map(
  (c, i) => [`${i} ${c.loss} ${JSON.stringify({ ...c.options, tensors: Object.keys(c.tensors) })}`, c] as const,
);

const ways = [
  { way: "eager", dtype: "float32", tolerance: { scale: 1e-5, atol: 1e-7 } },
  { way: "compiled", dtype: "float32", tolerance: { scale: 1e-5, atol: 1e-7 } },
  // What is stored has nine digits.
  { way: "eager", dtype: "float64", tolerance: { rtol: 5e-9, scale: 1e-9, atol: 1e-12 } },
] as const;

describe.each(ways)("values and gradients equal PyTorch's, $way, $dtype", ({ way, dtype, tolerance }) => {
  test.each(named)("%s", (_, c) => {
    const loss = ready(c, dtype);
    const run = (...inputs: Tensor[]): Tensor[] => {
      const wanted = inputs.filter((_input, i) => c.grads[i]);
      for (const input of wanted) input.requiresGrad = true;
      const value = loss(...inputs);
      const seed = tensor(new Float64Array(value.size).fill(1), value.shape, { dtype });
      return [value.detach(), ...gradients(value, wanted, { seed }).map((g) => g as Tensor)];
    };
    const results = (way === "eager" ? run : compile(run))(...c.inputs.map((v) => load(v, dtype)));
    const expected = [c.value, ...c.grads.filter((g) => g !== null)];
    expect(results.length).toBe(expected.length);
    for (const [i, { shape, data }] of expected.entries()) {
      const name = i === 0 ? "value" : `gradient ${i}`;
      expect(results[i]?.shape, `shape of the ${name}`).toEqual(shape);
      const { pass, message } = closeTo(results[i] as Tensor, data.map(Number), tolerance);
      expect(pass, `${name}: ${message}`).toBe(true);
    }
  });
});

describe("gradients equal differences in float64", () => {
  const isPlain = ({ data }: Values): boolean => data.length > 0 && data.every(Number.isFinite);
  const plain = named.filter(([, { inputs, value }]) => [...inputs, value].every(isPlain));
  test.each(plain.filter(([, c]) => !atKink(c)))("%s", (_, c) => {
    const inputs = c.inputs.map((v, i) => {
      const t = load(v, "float64");
      t.requiresGrad = c.grads[i] !== null;
      return t;
    });
    gradcheck(ready(c, "float64"), inputs, { atol: 1e-6 });
  });
});

/** Where there is no derivative to compare with: at no distance, or where a bound is in force that its gradient passes through. */
function atKink({ loss, options, inputs }: LossCase): boolean {
  const isZero = inputs.some(({ data, dtype }) => dtype === undefined && data.every((v) => v === 0));
  return isZero || (loss === "pairwiseDistance" && options.eps === 0) || [0.4, 2].includes(options.eps as number);
}

test("every loss has a golden", () => {
  const covered = new Set(cases.map((c) => c.loss));
  const functions = Object.keys(exported).filter((name) =>
    /^[a-z].*Loss$|^(crossEntropy|binaryCrossEntropy.*|klDiv|cosineSimilarity|pairwiseDistance)$/.test(name),
  );
  expect(functions.filter((name) => !covered.has(name))).toEqual([]);
  const classes = Object.keys(exported).filter((name) => /^[A-Z].*Loss$/.test(name));
  expect(classes.length).toBe(functions.length - 2);
});
