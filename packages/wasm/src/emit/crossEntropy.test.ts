import {
  compile,
  Generator,
  gradients,
  mul,
  randomUniform,
  referenceDevice,
  softmaxCrossEntropy,
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

const classes = (values: number[]): Tensor => tensor(values, [values.length], { dtype: "int32" });

/** Losses, and the gradient of their weighted sum. */
function both(...inputs: Tensor[]): Tensor[] {
  const [logits, target, seed] = inputs as [Tensor, Tensor, Tensor];
  logits.requiresGrad = true;
  const losses = softmaxCrossEntropy(logits, target);
  return [losses, ...(gradients(mul(losses, 2), [logits], { seed }) as Tensor[])];
}

// Rows without whole vectors, with tails, and of more than a block of a sum; rows whose target is no class.
test.each([1, 2, 3, 4, 5, 10, 31, 1000, 1027, 2051])("%i classes, up to logits of ±50", (n) => {
  const rows = 7;
  const generator = new Generator(n);
  const logits = randomUniform([rows, n], generator, -50, 50);
  const seed = randomUniform([rows], generator, -1, 1);
  const target = classes(Array.from({ length: rows }, (_, i) => [-100, (i * 37) % n, n, n - 1][i % 4] as number));
  const exact = compile(both, { device: referenceDevice })(
    ...[logits, target, seed].map((t) => (t.dtype === "int32" ? t : tensor(Float64Array.from(t.toArray()), t.shape))),
  ) as Tensor[];
  const computed = compile(both, { device: one })(logits, target, seed) as Tensor[];
  computed.forEach((t, i) => {
    const expected = (exact[i] as Tensor).toArray();
    t.toArray().forEach((v, j) => {
      const e = expected[j] as number;
      // Of both: a loss is rounded as the logits are, a gradient as the probability, which is at most 1.
      if (!(Math.abs(v - e) <= 5e-7 * Math.max(1, Math.abs(e)))) expect.fail(`result ${i}, element ${j}: ${v}, ${e}`);
    });
  });
  (compile(both, { device: several })(logits, target, seed) as Tensor[]).forEach((t, i) => {
    expect(t.toArray()).toEqual((computed[i] as Tensor).toArray());
  });
});

// As PyTorch has it, but for a row that is ignored and holds a NaN: its gradient is NaN there.
test("classes excluded by -Infinity, overflow, and NaN", () => {
  const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
  const rows = [
    { x: [1, -inf, 1, -inf, -inf], target: 0, loss: Math.LN2, dx: [-0.5, 0, 0.5, 0, 0] },
    { x: [1, -inf, 1, -inf, -inf], target: 1, loss: inf, dx: [0.5, -1, 0.5, 0, 0] },
    { x: [1000, 0, -1000, 0, 0], target: 2, loss: 2000, dx: [1, 0, -1, 0, 0] },
    { x: [1, 2, nan, 4, 5], target: 1, loss: nan, dx: [nan, nan, nan, nan, nan] },
    { x: [1, inf, 0, 0, 0], target: 0, loss: nan, dx: [nan, nan, nan, nan, nan] },
    { x: [-inf, -inf, -inf, -inf, -inf], target: 0, loss: nan, dx: [nan, nan, nan, nan, nan] },
    { x: [1, 2, nan, 4, 5], target: -100, loss: 0, dx: [0, 0, 0, 0, 0] },
  ];
  const logits = tensor(
    rows.flatMap((r) => r.x),
    [rows.length, 5],
  );
  const target = classes(rows.map((r) => r.target));
  const seed = tensor(rows.map(() => 0.5));
  for (const device of [one, referenceDevice]) {
    const [losses, dx] = compile(both, { device })(logits, target, seed) as [Tensor, Tensor];
    rows.forEach((row, i) => {
      const found = [losses.toArray()[i] as number, ...dx.toArray().slice(5 * i, 5 * i + 5)];
      [row.loss, ...row.dx].forEach((value, j) => {
        const isEqual = Object.is(found[j], value) || Math.abs((found[j] as number) - value) < 1e-6;
        expect(isEqual, `row ${i}, result ${j}: ${found[j]}, ${value}`).toBe(true);
      });
    });
  }
});
