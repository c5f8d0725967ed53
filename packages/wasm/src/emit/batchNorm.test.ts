import {
  add,
  batchNorm,
  compile,
  conv2d,
  Generator,
  gradients,
  mul,
  randomUniform,
  referenceDevice,
  relu,
  sum,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { expect, test } from "vitest";
import { wasm } from "../wasm.ts";

/** [4, 3, 5, 7] of deviation 1 around a mean that depends on the image. */
function images(meanOf: (image: number) => number): Tensor {
  const noise = randomUniform([4, 3, 5, 7], new Generator(3), -1.7, 1.7).toArray();
  return tensor(
    Float32Array.from(noise, (v, i) => Number(v) + meanOf(Math.floor(i / 105))),
    [4, 3, 5, 7],
  );
}

test.each([
  { name: "far from 0", x: images(() => 1000), tolerance: 1e-6 },
  { name: "where the first image is unlike the others", x: images((n) => (n === 0 ? 500 : 0)), tolerance: 1e-6 },
])("mean and variance $name", async ({ x, tolerance }) => {
  const fn = (input: Tensor, weight: Tensor, bias: Tensor): Tensor[] => {
    const { mean, variance } = batchNorm(input, weight, bias);
    return [mean, variance];
  };
  const rest = [tensor([1, 1, 1]), tensor([0, 0, 0])] as const;
  const exact = compile(fn, { device: referenceDevice })(
    ...([x, ...rest].map((t) => tensor(Float64Array.from(t.toArray()), t.shape)) as [Tensor, Tensor, Tensor]),
  ) as Tensor[];
  for (const simd of ["relaxed", "simd"] as const) {
    (compile(fn, { device: await wasm({ threads: 1, simd }) })(x, ...rest) as Tensor[]).forEach((t, k) => {
      t.toArray().forEach((v, i) => {
        const wanted = exact[k]?.toArray()[i] as number;
        expect(Math.abs(v - wanted)).toBeLessThan(tolerance * Math.abs(wanted));
      });
    });
  }
});

test("the gradient knows to the bit where the activation was at its bound", async () => {
  // A seventh of the results is 0, or next to it: there, a gradient that flows shows.
  const x = tensor(
    Float32Array.from({ length: 2 * 3 * 56 }, (_, i) => (i % 7) - 3),
    [2, 3, 7, 8],
  );
  const device = await wasm({ threads: 1 });
  const identity = tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3, 1, 1]);
  const fn = (input: Tensor, weight: Tensor, bias: Tensor): Tensor[] => {
    bias.requiresGrad = true;
    const y = relu(batchNorm(input, weight, bias).y);
    const z = conv2d(y, identity);
    return [y, gradients(sum(add(mul(z, z), z)), [bias])[0] as Tensor];
  };
  const weight = tensor([0.3, 1.7, 2.9]);
  // What becomes of the mean, which is 0.
  const bias = tensor([0, 1e-8, -1e-8]);
  const [y, grad] = compile(fn, { device })(x, weight, bias) as [Tensor, Tensor];
  for (let c = 0; c < 3; c++) {
    const values = Array.from(y.toArray(), Number).filter((_, i) => Math.floor(i / 56) % 3 === c);
    const expected = values.reduce((total, v) => total + (v > 0 ? 2 * v + 1 : 0), 0);
    expect(grad.toArray()[c] as number).toBeCloseTo(expected, 2);
  }
});
