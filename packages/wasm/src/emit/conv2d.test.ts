import {
  compile,
  conv2d,
  Generator,
  gradients,
  mul,
  randomUniform,
  referenceDevice,
  sum,
  type Tensor,
} from "@graftjs/tensor";
import { expect, test } from "vitest";
import { wasm } from "../wasm.ts";

test.each([
  // A row too wide for the direct depthwise kernels.
  { x: [1, 2, 3, 90_000], w: [2, 1, 3, 3], groups: 2, padding: 1 },
  { x: [2, 6, 9, 11], w: [12, 1, 3, 3], groups: 6, padding: 1 },
  // One input channel, which makes it depthwise too.
  { x: [2, 1, 9, 11], w: [5, 1, 3, 3], groups: 1, padding: 0 },
])("convolutions of single channels: $x $w", async ({ x, w, groups, padding }) => {
  const generator = new Generator(9);
  const fn = (input: Tensor, weight: Tensor): Tensor[] => {
    input.requiresGrad = true;
    weight.requiresGrad = true;
    const y = conv2d(input, weight, null, { groups, padding });
    return [y, ...(gradients(sum(mul(y, y)), [input, weight]) as Tensor[])];
  };
  const inputs = [randomUniform(x, generator, -1, 1), randomUniform(w, generator, -1, 1)] as const;
  const device = await wasm({ threads: 2 });
  const expected = compile(fn, { device: referenceDevice })(...inputs) as Tensor[];
  (compile(fn, { device })(...inputs) as Tensor[]).forEach((t, k) => {
    const wanted = (expected[k] as Tensor).toArray();
    const scale = Math.max(...Array.from(wanted.subarray(0, 10_000), Math.abs));
    t.toArray().forEach((v, i) => {
      if (!(Math.abs(v - (wanted[i] as number)) <= 1e-5 * scale))
        expect.fail(`output ${k}, element ${i}: ${v}, ${wanted[i]}`);
    });
  });
});
