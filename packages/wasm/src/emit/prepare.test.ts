import { compile, conv2d, Generator, gradients, mul, randomUniform, type Tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { wasm } from "../wasm.ts";

test.each([
  { x: [2, 6, 9, 11], w: [7, 6, 3, 3], prepared: ["conv2d", "conv2dInputGrad"] },
  // By Winograd's method, filters are transformed beforehand where there are fewer of them than tiles: here 36.
  { x: [1, 24, 24, 24], w: [32, 24, 3, 3], prepared: ["conv2d", "conv2dInputGrad"] },
  { x: [1, 48, 24, 24], w: [32, 48, 3, 3], prepared: ["conv2d"] },
  { x: [1, 24, 24, 24], w: [48, 24, 3, 3], prepared: ["conv2dInputGrad"] },
])("weights prepared once give the bits of those prepared at each run: $x $w", async ({ x, w, prepared }) => {
  const generator = new Generator(4);
  const [image, weight] = [x, w].map((shape) => randomUniform(shape, generator, -1, 1)) as [Tensor, Tensor];
  const body = (input: Tensor, by: Tensor): Tensor[] => {
    input.requiresGrad = true;
    const y = conv2d(input, by, null, { padding: 1 });
    return [y, ...(gradients(y, [input], { seed: mul(y, 2) }) as Tensor[])];
  };
  const device = await wasm({ threads: 2, parallelFrom: 0 });
  const each = compile(body, { device });
  const once = compile((input: Tensor) => body(input, weight), { device });
  const bits = (tensors: Tensor[]): Uint8Array[] => tensors.map((t) => new Uint8Array(t.toArray().buffer));
  for (let run = 0; run < 2; run++)
    expect(bits(once(image) as Tensor[])).toEqual(bits(each(image, weight) as Tensor[]));
  weight.assign(randomUniform(w, generator, -1, 1));
  expect(bits(once(image) as Tensor[])).toEqual(bits(each(image, weight) as Tensor[]));
  expect([...once.explain().matchAll(/^prepare for (\S+)/gm)].map((m) => m[1])).toEqual(prepared);
});
