import * as t from "@graftjs/tensor";
import { tensor } from "@graftjs/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "./wasm.ts";

type Unary = (x: t.Tensor) => t.Tensor;
type Row = readonly [name: string, fn: Unary, exact: (x: number) => number, low: number, high: number, bound: number];

/** Functions, what they are in float64, the interval, and the relative error that the kernels promise. */
const functions: readonly Row[] = [
  ["acos", t.acos, Math.acos, -1, 1, 2e-7],
  ["acosh", t.acosh, Math.acosh, 1, 1000, 2e-7],
  ["asin", t.asin, Math.asin, -1, 1, 2e-7],
  ["asinh", t.asinh, Math.asinh, -1000, 1000, 2e-7],
  ["atan", t.atan, Math.atan, -50, 50, 2e-7],
  ["atanh", t.atanh, Math.atanh, -0.9999, 0.9999, 2e-7],
  ["cos", t.cos, Math.cos, -1e6, 1e6, 2e-7],
  ["cosh", t.cosh, Math.cosh, -88, 88, 2e-7],
  ["exp", t.exp, Math.exp, -87, 88, 2e-7],
  ["exp2", t.exp2, (x) => 2 ** x, -126, 127, 2e-7],
  ["expm1", t.expm1, Math.expm1, -30, 88, 2e-7],
  ["log", t.log, Math.log, 1e-3, 1000, 2e-7],
  ["log10", t.log10, Math.log10, 1e-3, 1000, 2e-7],
  ["log1p", t.log1p, Math.log1p, -0.9999, 1000, 2e-7],
  ["log2", t.log2, Math.log2, 1e-3, 1000, 2e-7],
  ["sigmoid", t.sigmoid, (x) => 1 / (1 + Math.exp(-x)), -80, 20, 4e-7],
  ["sin", t.sin, Math.sin, -1e6, 1e6, 2e-7],
  ["sin of a large argument", t.sin, Math.sin, 2e6, 1e8, 2e-7],
  ["sinh", t.sinh, Math.sinh, -88, 88, 2e-7],
  ["tan", t.tan, Math.tan, -100, 100, 2e-7],
  ["tanh", t.tanh, Math.tanh, -10, 10, 2e-7],
];

/** A float64 result on the reference device, as a function of one number. */
const reference =
  (fn: Unary) =>
  (x: number): number =>
    fn(tensor(Float64Array.of(x))).item();
const special: readonly Row[] = [
  ["erf", t.erf, reference(t.erf), -4, 4, 4e-7],
  ["erfc", t.erfc, reference(t.erfc), -4, 9, 1e-6],
  ["erfinv", t.erfinv, reference(t.erfinv), -0.99999, 0.99999, 6e-7],
];

describe.each(["simd", "relaxed"] as const)("relative errors, %s", (simd) => {
  let device: WasmDevice;
  beforeAll(async () => {
    device = await wasm({ threads: 1, simd });
  });
  afterAll(() => device.close());

  test.each([...functions, ...special])("%s", (name, fn, exact, low, high, bound) => {
    const count = special.some(([other]) => other === name) ? 2000 : 20_000;
    const symmetric = low < 0 && high > 0;
    // Evenly over the interval, and evenly over orders of magnitude near 0.
    const x = Float32Array.from({ length: 2 * count }, (_, i) => {
      const even = low + ((high - low) * (i + 0.5)) / count;
      if (i < count || !symmetric) return Math.min(even, high);
      return (i % 2 ? low : high) * 10 ** ((-12 * (i - count)) / count);
    });
    const y = t.compile(fn, { device })(tensor(x)).toArray();
    let [worst, at] = [0, 0];
    x.forEach((argument, i) => {
      const e = exact(argument);
      const error = Math.abs((y[i] as number) - e) / Math.max(Math.abs(e), 2 ** -126);
      if (!(error <= worst)) [worst, at] = [error, argument];
    });
    expect(worst, `the worst, at ${at}`).toBeLessThan(bound);
  });

  test("pow", () => {
    const count = 20_000;
    const x = Float32Array.from({ length: count }, (_, i) => Math.exp(-20 + (40 * ((i * 7919) % count)) / count));
    const y = Float32Array.from({ length: count }, (_, i) => -4 + (8 * ((i * 4729) % count)) / count);
    const z = t
      .compile((a, b) => t.pow(a, b), { device })(tensor(x), tensor(y))
      .toArray();
    const errors = Array.from(x, (base, i) => {
      const exact = base ** (y[i] as number);
      return exact < 2 ** -126 || exact > 2 ** 127 ? 0 : Math.abs((z[i] as number) - exact) / exact;
    });
    expect(Math.max(...errors)).toBeLessThan(2e-7);
  });
});
