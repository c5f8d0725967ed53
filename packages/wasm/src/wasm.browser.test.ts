import { add, compile, Generator, gradients, matmul, mean, mul, relu, sub, type Tensor, tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { wasm } from "./wasm.ts";

/** Losses of a small network that learns a product of its inputs. */
async function losses(threads: number, parallelFrom: number): Promise<number[]> {
  const device = await wasm({ threads, parallelFrom });
  expect(device.threads).toBe(threads);
  const generator = new Generator(3);
  const weights = [
    sub(generator.uniform([2, 64]), 0.5),
    sub(generator.uniform([64]), 0.5),
    sub(generator.uniform([64, 1]), 0.5),
  ] as const;
  for (const w of weights) w.requiresGrad = true;
  const step = compile(
    (x: Tensor, y: Tensor) => {
      const error = sub(matmul(relu(add(matmul(x, weights[0]), weights[1])), weights[2]), y);
      const loss = mean(mul(error, error));
      gradients(loss, weights).forEach((g, i) => {
        const w = weights[i] as Tensor;
        w.assign(sub(w, mul(g as Tensor, 0.05)));
      });
      return loss;
    },
    { device },
  );
  const inputs = generator.uniform([256, 2]).toArray();
  const x = tensor(inputs, [256, 2]);
  const y = tensor(
    Float32Array.from({ length: 256 }, (_, i) => (inputs[2 * i] as number) * (inputs[2 * i + 1] as number)),
    [256, 1],
  );
  return Array.from({ length: 100 }, () => step(x, y).item());
}

test("trains in a browser, with threads, to the same bits", async () => {
  expect(crossOriginIsolated).toBe(true);
  const one = await losses(1, 20_000);
  expect(one[99]).toBeLessThan((one[0] as number) / 10);
  expect(await losses(2, 0)).toEqual(one);
  expect(await losses(2, 20_000)).toEqual(one);
});
