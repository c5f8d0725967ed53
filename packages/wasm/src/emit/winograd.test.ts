import {
  type Conv2dAttrs,
  compile,
  conv2d,
  Generator,
  gradients,
  randomUniform,
  referenceDevice,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { wasm } from "../wasm.ts";
import { usesWinograd, usesWinogradWeightGrad } from "./winograd.ts";

const attrs: Conv2dAttrs = { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 };

describe("usesWinograd", () => {
  const uses = (channels: number, out: number, size: number, some: Partial<Conv2dAttrs> = {}): boolean =>
    usesWinograd({ ...attrs, ...some }, [8, channels, size, size], [out, channels, 3, 3], [8, out, size, size]);

  test("takes the 3×3 convolutions of residual networks", () => {
    for (const [channels, size] of [
      [64, 56],
      [128, 28],
      [256, 14],
      [512, 7],
    ] as const) {
      expect(uses(channels, channels, size)).toBe(true);
    }
  });

  test("leaves the others", () => {
    expect(uses(3, 64, 56)).toBe(false);
    expect(uses(64, 8, 56)).toBe(false);
    expect(uses(1024, 64, 7)).toBe(false);
    expect(uses(64, 64, 5)).toBe(false);
    expect(uses(64, 64, 14, { dilation: [2, 2], padding: [2, 2, 2, 2] })).toBe(false);
    expect(uses(64, 64, 14, { groups: 2 })).toBe(false);
    expect(uses(64, 64, 14, { padding: [3, 0, 0, 0] })).toBe(false);
    expect(usesWinograd(attrs, [8, 64, 14, 14], [64, 64, 1, 3], [8, 64, 16, 14])).toBe(false);
  });
});

test.each(["relaxed", "simd"] as const)("the error against float64 is as stated, %s", async (simd) => {
  const generator = new Generator(5);
  const inputs = [
    [2, 64, 12, 15],
    [64, 64, 3, 3],
    [2, 64, 12, 15],
  ].map((shape) => randomUniform(shape, generator, -1, 1));
  const fn = (...tensors: Tensor[]): Tensor[] => {
    const [x, weight, seed] = tensors as [Tensor, Tensor, Tensor];
    x.requiresGrad = true;
    weight.requiresGrad = true;
    const y = conv2d(x, weight, null, { padding: 1 });
    return [y, ...(gradients(y, [x, weight], { seed }) as Tensor[])];
  };
  const exact = compile(fn, { device: referenceDevice })(
    ...inputs.map((t) => tensor(Float64Array.from(t.toArray()), t.shape)),
  ) as Tensor[];
  const device = await wasm({ threads: 1, simd });
  (compile(fn, { device })(...inputs) as Tensor[]).forEach((t, k) => {
    const expected = (exact[k] as Tensor).toArray();
    const norm = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((s, v) => s + v * v, 0));
    const errors = Array.from(t.toArray(), (v, i) => v - (expected[i] as number));
    expect(norm(errors) / norm(expected)).toBeLessThan(1.2e-6);
    const largest = Math.max(...errors.map(Math.abs));
    expect((largest / norm(expected)) * Math.sqrt(errors.length)).toBeLessThan(1e-5);
  });
});

test.each([
  // Two parts of the batch, of six images and of one, and channels that fill no panel.
  { x: [7, 67, 17, 15], out: 61, padding: [1, 2, 0, 1] },
  // More channels than a block has.
  { x: [2, 39, 9, 14], out: 187, padding: [1, 1, 1, 1] },
  { x: [8, 16, 6, 8], out: 16, padding: [2, 1, 2, 1] },
] as const)("weight gradients: $x to $out channels", async ({ x, out, padding }) => {
  const [batch, channels, height, width] = x;
  const [top, left, bottom, right] = padding;
  const weightShape = [out, channels, 3, 3] as const;
  const grad = [batch, out, height + top + bottom - 2, width + left + right - 2] as const;
  expect(usesWinogradWeightGrad({ ...attrs, padding }, x, weightShape, grad)).toBe(true);
  const generator = new Generator(6);
  const inputs = [x, weightShape, grad].map((shape) => randomUniform(shape, generator, -1, 1));
  const fn = (...[image, weight, seed]: Tensor[]): Tensor => {
    (weight as Tensor).requiresGrad = true;
    const y = conv2d(image as Tensor, weight as Tensor, null, { padding });
    return gradients(y, [weight as Tensor], { seed: seed as Tensor })[0] as Tensor;
  };
  const expected = Array.from(compile(fn, { device: referenceDevice })(...inputs).toArray());
  const scale = Math.sqrt(expected.reduce((sum, v) => sum + v * v, 0) / expected.length);
  for (const simd of ["relaxed", "simd"] as const) {
    const actual = compile(fn, { device: await wasm({ threads: 3, parallelFrom: 0, simd }) })(...inputs).toArray();
    const largest = expected.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (actual[i] as number))), 0);
    expect(largest / scale).toBeLessThan(1e-5);
  }
});
