import { compile, conv2d, Generator, gradients, matmul, mul, randomUniform, type Tensor } from "@graftjs/tensor";
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

// Tails of panels, sums in several parts, and stacks of weights, one of them broadcast.
test.each([
  { x: [65, 40], w: [67, 40], transposeB: true, prepared: true },
  { x: [197, 770], w: [90, 770], transposeB: true, prepared: true },
  { x: [25, 400], w: [400, 13], transposeB: false, prepared: true },
  { x: [2, 3, 30, 20], w: [3, 20, 17], transposeB: false, prepared: true },
  { x: [2, 3, 70, 20], w: [2, 1, 66, 20], transposeB: true, prepared: true },
  { x: [64, 40], w: [67, 40], transposeB: true, prepared: false },
  { x: [24, 40], w: [40, 67], transposeB: false, prepared: false },
  { x: [257, 40], w: [40, 67], transposeB: false, prepared: false },
])("weights of products packed once give the bits of those that are not: $x $w", async (it) => {
  const generator = new Generator(5);
  const [x, weight] = [it.x, it.w].map((shape) => randomUniform(shape, generator, -1, 1)) as [Tensor, Tensor];
  const body = (a: Tensor, b: Tensor): Tensor => matmul(a, b, { transposeB: it.transposeB });
  for (const threads of [1, 3]) {
    const device = await wasm({ threads, parallelFrom: 0 });
    const each = compile(body, { device });
    const once = compile((a: Tensor) => body(a, weight), { device });
    expect(once(x).toArray()).toEqual(each(x, weight).toArray());
    weight.assign(randomUniform(it.w, generator, -1, 1));
    expect(once(x).toArray()).toEqual(each(x, weight).toArray());
    expect(once.explain().includes("prepare for matmul")).toBe(it.prepared);
    expect(each.explain()).not.toContain("prepare for matmul");
    device.close();
  }
});

test("weights that the program assigns are read as they are", async () => {
  const device = await wasm({ threads: 1 });
  const weight = randomUniform([40, 30], new Generator(1), -1, 1);
  const product = (x: Tensor): Tensor => {
    const y = matmul(x, weight);
    weight.assign(mul(weight, 2));
    return y;
  };
  const x = randomUniform([50, 40], new Generator(2), -1, 1);
  const both = compile(product, { device });
  const expected = compile((a: Tensor, b: Tensor) => matmul(a, b), { device });
  for (let run = 0; run < 2; run++) {
    const want = expected(x, weight).toArray();
    expect(both(x).toArray()).toEqual(want);
  }
  expect(both.explain()).not.toContain("prepare for matmul");
});
