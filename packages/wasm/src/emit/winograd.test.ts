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
import { usesWinograd } from "./winograd.ts";

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
    const y = conv2d(x, weight, null, { padding: 1 });
    return [y, ...(gradients(y, [x], { seed }) as Tensor[])];
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
