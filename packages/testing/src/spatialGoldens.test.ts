import { readFileSync } from "node:fs";
import * as tensorPackage from "@graftjs/tensor";
import { compile, gradients, isTensor, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";
import { matchers } from "./matchers.ts";

expect.extend(matchers);

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  readonly dtype?: "int32";
}

interface SpatialCase {
  readonly fn: string;
  readonly call: readonly unknown[];
  readonly tensors: readonly Values[];
  readonly seed: Values;
  readonly outputs: readonly Values[];
  readonly grads: readonly (Values | null)[];
}

const file = new URL("../../../fixtures/ops/spatial.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as SpatialCase[];
const functions = tensorPackage as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** A stored argument, with tensors in their places. */
function decode(value: unknown, tensors: readonly Tensor[]): unknown {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  if (Array.isArray(value)) return value.map((v) => decode(v, tensors));
  if (typeof value !== "object" || value === null) return value;
  if ("$" in value) return tensors[value.$ as number];
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decode(v, tensors)]));
}

function call({ fn, call: args }: SpatialCase, tensors: readonly Tensor[]): Tensor[] {
  const result = functions[fn]?.(...args.map((a) => decode(a, tensors))) as Tensor | Record<string, Tensor>;
  return isTensor(result) ? [result] : Object.values(result);
}

function load({ shape, data, dtype }: Values, float: "float32" | "float64", requiresGrad = true): Tensor {
  return tensor(data.map(Number), shape, { dtype: dtype ?? float, requiresGrad: requiresGrad && !dtype });
}

const title = (c: SpatialCase): string =>
  `${c.fn}(${c.tensors.map((t) => `[${t.shape}]`)}; ${JSON.stringify(c.call.slice(1))})`;
const titled = cases.map((c) => [title(c), c] as const);

describe.each(["eager", "compiled"] as const)("equal to PyTorch, %s", (way) => {
  test.each(titled)("%s", (_, c) => {
    const run = (...inputs: Tensor[]): Tensor[] => {
      for (const t of inputs) t.requiresGrad = tensorPackage.isFloat(t.dtype);
      const outputs = call(c, inputs);
      const wanted = inputs.filter((t) => t.requiresGrad);
      const grads = gradients(outputs[0] as Tensor, wanted, { seed: load(c.seed, "float32", false) }) as Tensor[];
      return [...outputs.map((t) => t.detach()), ...grads];
    };
    const inputs = c.tensors.map((t) => load(t, "float32"));
    const actual = (way === "eager" ? run : compile(run))(...inputs);
    const expected = [...c.outputs, ...c.grads.filter((g) => g !== null)];
    expect(actual.map((t) => t.shape)).toEqual(expected.map((t) => t.shape));
    expected.forEach((e, i) => {
      const values = tensor(e.data.map(Number), e.shape, { dtype: e.dtype ?? "float32" });
      expect((actual[i] as Tensor).dtype).toBe(values.dtype);
      expect(actual[i]).toBeCloseToTensor(values, { scale: 1e-5, atol: 1e-6 });
    });
  });
});

/** Where finite differences say nothing: at ties, at 0, and where the largest of several is not one element. */
const isSmooth = (c: SpatialCase): boolean =>
  !c.tensors.some(({ data, dtype }) => !dtype && new Set(data).size < data.length);

describe("gradients and second derivatives equal differences", () => {
  test.each(titled.filter(([, c]) => isSmooth(c)))("%s", (_, c) => {
    const inputs = c.tensors.map((t) => load(t, "float64"));
    const fn = (...args: Tensor[]): Tensor => call(c, args)[0] as Tensor;
    gradcheck(fn, inputs);
    if (inputs.reduce((n, t) => n + t.size, 0) <= 120) gradgradcheck(fn, inputs);
  });
});
