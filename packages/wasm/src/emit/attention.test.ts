import {
  compile,
  Generator,
  greater,
  matmul,
  mul,
  permute,
  randomUniform,
  referenceDevice,
  reshape,
  scaledDotProductAttention,
  softmax,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

let one: WasmDevice;
let several: WasmDevice;
let unfused: WasmDevice;
beforeAll(async () => {
  one = await wasm({ threads: 1 });
  several = await wasm({ threads: 3, parallelFrom: 0 });
  unfused = await wasm({ threads: 1, simd: "simd" });
});
afterAll(() => {
  one.close();
  several.close();
  unfused.close();
});

type Fn = (...inputs: Tensor[]) => Tensor;

/** Compares both builds with the reference in float64, and several threads with one, to the bit. */
function compare(fn: Fn, inputs: readonly Tensor[], tolerance: number): void {
  const wide = inputs.map((t) => tensor(Float64Array.from(t.toArray()), t.shape));
  const exact = compile(fn, { device: referenceDevice })(...wide).toArray();
  const program = compile(fn, { device: one });
  const result = program(...inputs).toArray();
  expect(program.explain()).toContain("attention");
  for (const found of [result, compile(fn, { device: unfused })(...inputs).toArray()]) {
    found.forEach((value, i) => {
      const e = exact[i] as number;
      if (!(Object.is(value, e) || Math.abs(value - e) <= tolerance)) expect.fail(`element ${i}: ${value}, ${e}`);
    });
  }
  expect(compile(fn, { device: several })(...inputs).toArray()).toEqual(result);
}

const uniform = (seed: number, shape: number[], bound = 1): Tensor =>
  randomUniform(shape, new Generator(seed), -bound, bound);

// Masks that are added: of all queries alike, of one head for all, of each; and of what may be attended to.
const masks = {
  none: null,
  "one row": (n: number, _h: number, _l: number, s: number) => [n, 1, 1, s],
  "all heads": (n: number, _h: number, l: number, s: number) => [n, 1, l, s],
  each: (n: number, h: number, l: number, s: number) => [n, h, l, s],
} as const;

/** Heads that are split from and merged into rows, as layers do. */
const heads =
  (n: number, h: number, l: number, s: number, e: number, d: number, of: (q: Tensor, k: Tensor, v: Tensor) => Tensor) =>
  (q: Tensor, k: Tensor, v: Tensor): Tensor => {
    const split = (t: Tensor, length: number, size: number): Tensor =>
      permute(reshape(t, [n, length, h, size]), [0, 2, 1, 3]);
    return reshape(permute(of(split(q, l, e), split(k, s, e), split(v, s, d)), [0, 2, 1, 3]), [n, l, h * d]);
  };

// Tails of panels and tiles, several blocks of keys, more queries than are held at once. Values are in [-1, 1], as results
// are: what is left of float32's precision after sums of up to 900 weights.
test.each([
  [2, 3, 17, 5, 16, 16],
  [1, 2, 33, 31, 64, 64],
  [2, 2, 50, 50, 80, 80],
  [1, 1, 197, 197, 64, 30],
  [1, 2, 19, 391, 16, 7],
  [1, 1, 900, 801, 9, 64],
])("%i images, %i heads, %i queries, %i keys of %i, values of %i", (n, h, l, s, e, d) => {
  const inputs = [uniform(1, [n, l, h * e], 3), uniform(2, [n, s, h * e], 3), uniform(3, [n, s, h * d])];
  for (const shapeOf of Object.values(masks)) {
    const mask = shapeOf ? [uniform(4, shapeOf(n, h, l, s), 5)] : [];
    const fn: Fn = (...all) => {
      const [q, k, v, m] = all as [Tensor, Tensor, Tensor, Tensor];
      const options = m ? { mask: m } : {};
      return heads(n, h, l, s, e, d, (...t) => scaledDotProductAttention(...t, options))(q, k, v);
    };
    compare(fn, [...inputs, ...mask], 4e-6);
  }
  if (l >= s) {
    const causal = heads(n, h, l, s, e, d, (...t) => scaledDotProductAttention(...t, { isCausal: true }));
    compare(causal as Fn, inputs, 4e-6);
  }
});

test("a mask of bool, with queries that may attend to nothing, or not to the first block", () => {
  const [l, s] = [41, 803];
  const inputs = [uniform(1, [2, l, 16], 3), uniform(2, [2, s, 16], 3), uniform(3, [2, s, 16])];
  const from = tensor(
    Float32Array.from({ length: l }, (_, i) => (i * 37) % 900),
    [l, 1],
  );
  const at = tensor(Float32Array.from({ length: s }, (_, i) => i));
  const fn: Fn = (q, k, v, f, a) => {
    const options = { mask: greater(a as Tensor, f as Tensor) };
    return scaledDotProductAttention(q as Tensor, k as Tensor, v as Tensor, options);
  };
  compare(fn, [...inputs, from, at], 4e-6);
  const [result] = [compile(fn, { device: one })(...inputs, from, at)];
  const starts = from.toArray();
  result.toArray().forEach((value, i) => {
    if ((starts[Math.floor(i / 16) % l] as number) >= s) expect(value).toBe(0);
  });
});

test("scores that are scaled, large, infinite, or NaN", () => {
  const [l, s] = [40, 500];
  const inputs = [uniform(1, [l, 16], 30), uniform(2, [s, 16], 30), uniform(3, [s, 16])];
  const scaled: Fn = (q, k, v) =>
    matmul(softmax(mul(matmul(q as Tensor, k as Tensor, { transposeB: true }), 0.25)), v as Tensor);
  // Scores of up to 3600 are rounded to 2e-4, and weights are wrong by that.
  compare(scaled, inputs, 1e-3);
  const mask = new Float32Array(l * s);
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  mask.fill(-inf, 0, s); // Nothing is left.
  mask.fill(-inf, s, s + 450); // Nothing of the first block is.
  mask.fill(-inf, 2 * s + 50, 3 * s); // Nothing of the second.
  mask[3 * s + 7] = nan;
  mask[4 * s + 499] = nan;
  mask[5 * s + 3] = inf;
  mask[6 * s + 498] = inf;
  const small = [uniform(1, [l, 16]), uniform(2, [s, 16]), uniform(3, [s, 16]), tensor(mask, [l, s])];
  const masked: Fn = (q, k, v, m) =>
    scaledDotProductAttention(q as Tensor, k as Tensor, v as Tensor, { mask: m as Tensor });
  compare(masked, small, 4e-6);
  const result = compile(masked, { device: one })(...small).toArray();
  for (const row of [0, 3, 4, 5, 6]) expect(result[16 * row]).toBeNaN();
  for (const row of [1, 2, 7]) expect(result[16 * row]).not.toBeNaN();
});
