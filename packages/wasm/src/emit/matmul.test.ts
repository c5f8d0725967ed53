import {
  add,
  compile,
  Generator,
  matmul,
  randomUniform,
  referenceDevice,
  relu,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { beforeAll, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

let one: WasmDevice;
let several: WasmDevice;
beforeAll(async () => {
  one = await wasm({ threads: 1 });
  several = await wasm({ threads: 3, parallelFrom: 0 });
});

// Products with a transposed matrix are dot products, six at a time: tails of every kind, and sums in several parts.
test.each([
  [5, 12, 8],
  [4, 13, 20],
  [64, 54, 120],
  [3, 18, 7],
  [2, 6, 1028],
  [7, 31, 2050],
])("[%i, k]·[%i, k]ᵀ, k = %i, with bias, residual and bounds", (m, n, k) => {
  const generator = new Generator(7);
  const inputs = [[m, k], [n, k], [n], [m, n]].map((shape) => randomUniform(shape, generator, -1, 1));
  const fn = (...tensors: Tensor[]): Tensor[] => {
    const [a, b, bias, residual] = tensors as [Tensor, Tensor, Tensor, Tensor];
    const product = (): Tensor => matmul(a, b, { transposeB: true });
    return [product(), relu(add(product(), bias)), relu(add(add(product(), bias), residual))];
  };
  const exact = compile(fn, { device: referenceDevice })(
    ...inputs.map((t) => tensor(Float64Array.from(t.toArray()), t.shape)),
  ) as Tensor[];
  const computed = compile(fn, { device: one })(...inputs) as Tensor[];
  computed.forEach((t, i) => {
    const expected = (exact[i] as Tensor).toArray();
    t.toArray().forEach((v, j) => {
      if (!(Math.abs(v - (expected[j] as number)) <= 3e-7 * k))
        expect.fail(`result ${i}, element ${j}: ${v}, ${expected[j]}`);
    });
  });
  (compile(fn, { device: several })(...inputs) as Tensor[]).forEach((t, i) => {
    expect(t.toArray()).toEqual((computed[i] as Tensor).toArray());
  });
});
