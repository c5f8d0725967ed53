import { readFileSync } from "node:fs";
import * as t from "@graftjs/tensor";
import { type Operand, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import { close, onDevice } from "./conformance/case.ts";
import { readFloats } from "./safetensors.ts";

// Every element-wise op on NaN, infinities, signed zeros, subnormal and very large numbers, with its gradient.
const folder = new URL("../../../fixtures/elementwise/", import.meta.url);
const goldens = readFloats(readFileSync(new URL("goldens.safetensors", folder)));
const values = JSON.parse(readFileSync(new URL("values.json", folder), "utf8")) as Record<"unary" | "binary", string[]>;

const unary: Record<string, (x: Tensor) => Tensor> = {
  ...pick("abs acos acosh asin asinh atan atanh ceil cos cosh erf erfc erfinv exp exp2 expm1 floor frac gelu hardtanh"),
  ...pick(
    "isfinite isinf isnan log log10 log1p log2 logicalNot neg reciprocal relu relu6 round rsqrt sigmoid sign sin",
  ),
  ...pick("sinc sinh sqrt square tan tanh trunc"),
  castBool: (x) => t.cast(x, "bool"),
  clamp: (x) => t.clamp(x, -0.5, 1.5),
  clampCrossed: (x) => t.clamp(x, 1.5, -0.5),
  clampMax: (x) => t.clampMax(x, 0.5),
  clampMin: (x) => t.clampMin(x, 0.5),
  clampNan: (x) => t.clamp(x, Number.NaN, 1),
  logit: (x) => t.logit(x),
  logitEps: (x) => t.logit(x, { eps: 0.1 }),
  nanToNum: (x) => t.nanToNum(x),
  nanToNumOf: (x) => t.nanToNum(x, { nan: 1, posinf: 2, neginf: 3 }),
  pow0: (x) => t.pow(x, 0),
  pow1: (x) => t.pow(x, 1),
  pow2: (x) => t.pow(x, 2),
  pow3: (x) => t.pow(x, 3),
  powHalf: (x) => t.pow(x, 0.5),
  powMinus1: (x) => t.pow(x, -1),
  powMinusHalf: (x) => t.pow(x, -0.5),
};
const binary: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
  ...pick(
    "add atan2 div equal fmax fmin fmod greater greaterEqual heaviside hypot less lessEqual logaddexp logicalAnd",
  ),
  ...pick("logicalOr logicalXor maximum minimum mul notEqual pow remainder sub xlogy"),
  addcdiv: (x, y) => t.addcdiv(x, x, y, 0.5),
  addcmul: (x, y) => t.addcmul(x, x, y, 0.5),
  clampLow: (x, y) => t.clamp(x, y, 2),
  clampHigh: (x, y) => t.clamp(x, -2, y),
  divFloor: (x, y) => t.div(x, y, { roundingMode: "floor" }),
  divTrunc: (x, y) => t.div(x, y, { roundingMode: "trunc" }),
  isclose: (x, y) => t.isclose(x, y),
  iscloseNan: (x, y) => t.isclose(x, y, { rtol: 0.5, atol: 0.1, equalNan: true }),
  lerp: (x, y) => t.lerp(x, y, 0.25),
  lerpFar: (x, y) => t.lerp(x, y, 0.75),
  where: (x, y) => t.where(t.greater(x, 0), x, y),
};

function pick(names: string): Record<string, (...args: Operand[]) => Tensor> {
  const all = t as unknown as Record<string, (...args: Operand[]) => Tensor>;
  return Object.fromEntries(
    names.split(" ").map((name) => {
      const fn = all[name] as (...args: Operand[]) => Tensor;
      return [name, (...args: Operand[]) => fn(...args)];
    }),
  );
}

/** Where PyTorch is not followed, each with the reason: what the result depends on, and the elements it is about. */
const different: Record<string, { readonly why: string; readonly at: RegExp }> = {
  addcdiv: { why: "PyTorch squares the denominator, which overflows or vanishes", at: /grad.1 at .*1e(30|-40)/ },
  clampHigh: { why: "0 is larger than -0", at: /value at -0,0/ },
  clampLow: { why: "0 is larger than -0", at: /value at 0,-0/ },
  divTrunc: { why: "the gradient, 0, is that of x / y times 0", at: /grad.* got NaN$/ },
  fmod: { why: "PyTorch's vector kernel gives NaN where the quotient overflows", at: /1e-40: expected NaN/ },
  gelu: {
    why: "PyTorch rounds 1 + erf before it multiplies",
    at: /at (-3.7|-?Infinity)|: expected -?0, got -?(0$|5.96)/,
  },
  logaddexp: {
    why: "PyTorch subtracts infinities; equal operands share the gradient",
    at: /grad.*Infinity,-?Infinity/,
  },
  logit: { why: "outside of [0, 1], where the value is NaN, the formula gives a number", at: /grad.*expected NaN/ },
  maximum: { why: "0 is larger than -0", at: /value at 0,-0/ },
  minimum: { why: "0 is larger than -0", at: /value at -0,0/ },
  powMinus1: { why: "PyTorch's 1e-40 is 0", at: /grad.*1e20/ },
  powMinusHalf: { why: "the gradient is that of rsqrt", at: /grad.0 at -Infinity/ },
  relu: { why: "the gradient of NaN is 0, and so is max(-0, 0)", at: /grad.0 at NaN|value at -0/ },
  relu6: { why: "max(-0, 0) is 0", at: /value at -0/ },
  remainder: {
    why: "PyTorch's vector kernel, as with fmod; its floor of an infinite quotient is NaN",
    at: /1e-40: expected NaN|grad.1 at -?Infinity,/,
  },
  sigmoid: { why: "1 - y amplifies the rounding of y", at: /grad.0 at 6/ },
  sinc: { why: "the angle is rounded elsewhere", at: /grad.0 at -?1e20/ },
  xlogy: {
    why: "0 · ln 0 is 0, its gradient too; and zeros have the sign of the product",
    at: /grad.1 at -?0,-?0|expected 0, got -0/,
  },
};

const numbers = (kind: "unary" | "binary"): number[] => values[kind].map(Number);
function operandsOf(kind: "unary" | "binary"): Tensor[] {
  const list = Float32Array.from(numbers(kind));
  const n = list.length;
  if (kind === "unary") return [tensor(list, [n], { requiresGrad: true })];
  const [rows, columns] = [0, 1].map((axis) =>
    Float32Array.from({ length: n * n }, (_, i) => list[axis === 0 ? Math.floor(i / n) : i % n] as number),
  ) as [Float32Array, Float32Array];
  return [rows, columns].map((data) => tensor(data, [n, n], { requiresGrad: true }));
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The elements that differ: by more than rounding, and for values also by the sign of a zero. */
function differences(kind: "unary" | "binary", part: string, actual: Tensor, zeros: boolean): string[] {
  const golden = goldens.get(part);
  if (!golden) return [`${part}: no golden`];
  const [n, found] = [values[kind].length, actual.toArray()];
  const name = (i: number): string =>
    kind === "unary" ? `${values.unary[i]}` : `${values.binary[Math.floor(i / n)]},${values.binary[i % n]}`;
  return Array.from(golden.data).flatMap((expected, i) => {
    const got = found[i] as number;
    const same = zeros && actual.dtype === "float32" ? Object.is(got, expected) : got === expected;
    const near = expected !== 0 && Math.abs(got - expected) <= 1e-5 * Math.abs(expected) + 2e-45;
    return same || near || (Number.isNaN(got) && Number.isNaN(expected))
      ? []
      : [`${part} at ${name(i)}: expected ${show(expected)}, got ${show(got)}`];
  });
}

describe.each([
  ["the reference device", () => t.referenceDevice],
  ["wasm", () => wasm({ threads: 1 })],
  ["wasm without relaxed SIMD", () => wasm({ threads: 1, simd: "simd" })],
] as const)("special values on %s, as in PyTorch", (_, create) => {
  const cases = [
    ...Object.entries(unary).map(([name, fn]) => ({
      name,
      kind: "unary" as const,
      fn: fn as (...args: Tensor[]) => Tensor,
    })),
    ...Object.entries(binary).map(([name, fn]) => ({
      name,
      kind: "binary" as const,
      fn: fn as (...args: Tensor[]) => Tensor,
    })),
  ];
  test.each(cases)("$name", async ({ name, kind, fn }) => {
    const device = await create();
    const found = onDevice(device, () => {
      const inputs = operandsOf(kind);
      const y = fn(...inputs);
      const list = differences(kind, `${name}.value`, y, true);
      if (goldens.has(`${name}.grad.0`)) {
        t.sum(y).backward();
        inputs.forEach((x, k) => {
          const none = t.zerosLike(x);
          list.push(...differences(kind, `${name}.grad.${k}`, x.grad ?? none, false));
        });
      } else expect(y.requiresGrad).toBe(false);
      return list;
    });
    close(device);
    const { at } = different[name] ?? {};
    expect(found.filter((line) => !at?.test(line))).toEqual([]);
  });
});

test("every golden is compared", () => {
  const names = new Set([...goldens.keys()].map((key) => key.split(".")[0] as string));
  expect([...names].filter((name) => !(name in unary) && !(name in binary))).toEqual([]);
});

test("every element-wise op is compared", () => {
  // By another name, as part of another, or without floats.
  const names = new Set([
    ...Object.keys(unary),
    ...Object.keys(binary),
    "cast",
    "floorDivide",
    "geluGrad",
    "bitwiseAnd",
  ]);
  const elementwise = Object.values(t.ops).filter(({ kind }) => kind === "elementwise");
  expect(elementwise.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});
