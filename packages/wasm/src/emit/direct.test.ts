import {
  type Conv2dOptions,
  compile,
  conv2d,
  Generator,
  gradients,
  randomUniform,
  referenceDevice,
  relu,
  type Shape,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

/** Convolutions that read images in place: odd planes and numbers of channels, borders of every kind, groups, dilation. */
const cases: [name: string, x: Shape, w: Shape, options: Conv2dOptions][] = [
  ["one channel", [3, 1, 28, 28], [6, 1, 3, 3], {}],
  ["five outputs", [3, 6, 13, 13], [5, 6, 3, 3], {}],
  ["sixteen outputs", [9, 6, 13, 13], [16, 6, 3, 3], {}],
  ["six columns", [2, 3, 5, 6], [7, 3, 3, 3], { padding: 1 }],
  ["four columns, one row", [2, 3, 1, 4], [2, 3, 3, 3], { padding: 1 }],
  ["an odd number of vectors", [2, 3, 7, 11], [3, 3, 3, 3], { padding: 1 }],
  ["four paddings", [2, 4, 8, 7], [10, 4, 3, 3], { padding: [1, 2, 0, 1] }],
  ["5×5, padding 4", [2, 3, 9, 10], [8, 3, 5, 5], { padding: 4 }],
  ["2×3", [2, 5, 9, 10], [9, 5, 2, 3], {}],
  ["dilation 2×3", [2, 5, 13, 15], [11, 5, 3, 3], { padding: [2, 3], dilation: [2, 3] }],
  ["three groups", [2, 9, 10, 9], [21, 3, 3, 3], { groups: 3, padding: 1 }],
  ["groups of one", [2, 3, 10, 9], [15, 1, 3, 3], { groups: 3 }],
  ["more tiles than a band", [1, 2, 40, 41], [6, 2, 3, 3], { padding: 1 }],
  ["many images", [40, 2, 8, 8], [3, 2, 3, 3], { padding: 1 }],
  ["planes whose pitch is a power of two", [2, 4, 14, 14], [8, 4, 3, 3], { padding: 1 }],
];

const forward =
  (options: Conv2dOptions) =>
  (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
    relu(conv2d(x, weight, bias, options));

const backward =
  (options: Conv2dOptions) =>
  (x: Tensor, weight: Tensor, seed: Tensor): Tensor[] => {
    x.requiresGrad = true;
    weight.requiresGrad = true;
    return gradients(conv2d(x, weight, null, options), [x, weight], { seed }) as Tensor[];
  };

describe.each(["relaxed", "simd"] as const)("direct convolutions, %s", (simd) => {
  let one: WasmDevice;
  let several: WasmDevice;
  beforeAll(async () => {
    one = await wasm({ threads: 1, simd });
    several = await wasm({ threads: 3, simd, parallelFrom: 0 });
  });

  test.each(cases)("%s: as in float64, the same bits on any number of threads", (_, x, w, options) => {
    const generator = new Generator(3);
    const inputs = [x, w, [w[0] as number]].map((shape) => randomUniform(shape, generator, -1, 1));
    const [image, weight, bias] = inputs as [Tensor, Tensor, Tensor];
    const compute = (device: WasmDevice | typeof referenceDevice, cast: (t: Tensor) => Tensor): Tensor[] => {
      const y = compile(forward(options), { device })(cast(image), cast(weight), cast(bias));
      const seed = randomUniform(y.shape, new Generator(4), -1, 1);
      return [y, ...compile(backward(options), { device })(cast(image), cast(weight), cast(seed))];
    };
    const exact = compute(referenceDevice, (t) => tensor(Float64Array.from(t.toArray()), t.shape));
    const computed = compute(one, (t) => t);
    computed.forEach((t, k) => {
      const expected = (exact[k] as Tensor).toArray();
      const scale = Math.max(1, ...Array.from(expected, Math.abs));
      t.toArray().forEach((v, i) => {
        if (!(Math.abs(v - (expected[i] as number)) <= 2e-6 * scale))
          expect.fail(`result ${k}, element ${i}: ${v}, ${expected[i]}`);
      });
    });
    compute(several, (t) => t).forEach((t, k) => {
      expect(Array.from(t.toArray())).toEqual(Array.from((computed[k] as Tensor).toArray()));
    });
  });
});
