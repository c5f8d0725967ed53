import {
  compile,
  Generator,
  gradients,
  matmul,
  permute,
  randomUniform,
  referenceDevice,
  reshape,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

let one: WasmDevice;
let several: WasmDevice;
beforeAll(async () => {
  one = await wasm({ threads: 1 });
  several = await wasm({ threads: 3, parallelFrom: 0 });
});
afterAll(() => {
  one.close();
  several.close();
});

/** Two products over heads, merged again, and their gradients. */
const attention =
  (n: number, l: number, s: number, h: number, e: number) =>
  (...inputs: Tensor[]): Tensor[] => {
    const [q, k, v, seed] = inputs as [Tensor, Tensor, Tensor, Tensor];
    for (const t of [q, k, v]) t.requiresGrad = true;
    const split = (t: Tensor, length: number): Tensor => permute(reshape(t, [n, length, h, e]), [0, 2, 1, 3]);
    const scores = matmul(split(q, l), split(k, s), { transposeB: true });
    const y = reshape(permute(matmul(scores, split(v, s)), [0, 2, 1, 3]), [n, l, h * e]);
    return [y, ...(gradients(y, [q, k, v], { seed }) as Tensor[])];
  };

// By dot products, directly and packed; sums in several parts, tails of tiles.
test.each([
  [2, 5, 7, 3, 6],
  [1, 70, 67, 2, 9],
  [3, 30, 101, 2, 16],
  [1, 80, 450, 2, 5],
])("heads read and written by strides: [%i, %i and %i, %i, %i]", (n, l, s, h, e) => {
  const generator = new Generator(3);
  const inputs = [l, s, s, l].map((length) => randomUniform([n, length, h * e], generator, -1, 1));
  const fn = attention(n, l, s, h, e);
  const exact = compile(fn, { device: referenceDevice })(
    ...inputs.map((t) => tensor(Float64Array.from(t.toArray()), t.shape)),
  ) as Tensor[];
  const program = compile(fn, { device: one });
  const computed = program(...inputs) as Tensor[];
  expect(program.explain()).not.toContain("permute");
  computed.forEach((t, i) => {
    const expected = (exact[i] as Tensor).toArray();
    t.toArray().forEach((value, j) => {
      if (!(Math.abs(value - (expected[j] as number)) <= 2e-6 * Math.sqrt(e * s * l)))
        expect.fail(`result ${i}, element ${j}: ${value}, ${expected[j]}`);
    });
  });
  (compile(fn, { device: several })(...inputs) as Tensor[]).forEach((t, i) => {
    expect(t.toArray()).toEqual((computed[i] as Tensor).toArray());
  });
});
