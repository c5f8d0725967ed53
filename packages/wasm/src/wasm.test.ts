import {
  ArgumentError,
  add,
  argmax,
  compile,
  conv2d,
  type Device,
  DeviceError,
  Generator,
  gradients,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  referenceDevice,
  relu,
  sub,
  sum,
  type Tensor,
  tensor,
  useDevice,
  zeros,
} from "@graftjs/tensor";
import { afterEach, describe, expect, test } from "vitest";
import { wasm } from "./wasm.ts";

afterEach(() => useDevice(null));

function uniform(shape: readonly number[], seed: number): Tensor {
  return sub(mul(new Generator(seed).uniform(shape), 2), 1);
}

/** A network of two layers, trained by gradient descent on random data inside of one compiled function. */
function train(device: Device, steps: number): { losses: number[]; weights: readonly Tensor[] } {
  const weights = [uniform([20, 32], 1), uniform([32], 2), uniform([32, 5], 3), uniform([5], 4)];
  for (const w of weights) w.requiresGrad = true;
  const [w1, b1, w2, b2] = weights as [Tensor, Tensor, Tensor, Tensor];
  const x = uniform([16, 20], 5);
  const target = new Float32Array(16 * 5);
  for (let i = 0; i < 16; i++) target[5 * i + (i % 5)] = 1;
  const y = tensor(target, [16, 5]);
  const step = compile(
    (input: Tensor, labels: Tensor) => {
      const hidden = relu(add(matmul(input, w1), b1));
      const scores = logSoftmax(add(matmul(hidden, w2), b2));
      const loss = neg(mean(sum(mul(scores, labels), { axes: 1 })));
      gradients(loss, weights).forEach((g, i) => {
        const w = weights[i] as Tensor;
        w.assign(sub(w, mul(g as Tensor, 0.1)));
      });
      return loss;
    },
    { device },
  );
  return { losses: Array.from({ length: steps }, () => step(x, y).item()), weights };
}

describe("wasm", () => {
  test("trains as the reference device does, with either build", async () => {
    const expected = train(referenceDevice, 20);
    for (const simd of ["auto", "simd"] as const) {
      const actual = train(await wasm({ simd, threads: 2 }), 20);
      expect(actual.losses[19]).toBeLessThan((actual.losses[0] as number) / 2);
      actual.losses.forEach((loss, i) => {
        expect(loss).toBeCloseTo(expected.losses[i] as number, 5);
      });
      actual.weights.forEach((w, i) => {
        const other = expected.weights[i]?.toArray() ?? [];
        w.toArray().forEach((v, k) => {
          expect(v).toBeCloseTo(other[k] as number, 5);
        });
      });
    }
  });

  test("runs eager ops, whose results are ordinary memory", async () => {
    useDevice(await wasm({ threads: 1 }));
    const x = tensor([
      [1, 5, 2],
      [7, 0, 3],
    ]);
    expect(argmax(x, 1).toNested()).toEqual([1, 0]);
    const y = add(x, 1);
    expect(y.storage.host().buffer).toBeInstanceOf(ArrayBuffer);
    expect(y.toNested()).toEqual([
      [2, 6, 3],
      [8, 1, 4],
    ]);
  });

  test("keeps states in its memory, which can be read and assigned from outside", async () => {
    const device = await wasm({ threads: 1 });
    const count = zeros([3]);
    const step = compile((x: Tensor) => count.assign(add(count, x)), { device });
    step(tensor([1, 2, 3]));
    step(tensor([1, 2, 3]));
    expect(count.toNested()).toEqual([2, 4, 6]);
    expect(count.storage.buffer?.device).toBe(device);
    count.assign([10, 20, 30]);
    step(tensor([1, 2, 3]));
    expect([...(await count.read())]).toEqual([11, 22, 33]);
    // On to another device, and back.
    const other = await wasm({ threads: 1, simd: "simd" });
    compile((x: Tensor) => count.assign(mul(count, x)), { device: other })(tensor([2, 2, 2]));
    step(tensor([1, 1, 1]));
    expect(count.toNested()).toEqual([23, 45, 67]);
  });

  test("programs survive the growth of the arena that they share", async () => {
    const device = await wasm({ threads: 2 });
    const small = compile((x: Tensor) => sum(mul(x, x)), { device });
    const large = compile((x: Tensor) => sum(mul(x, add(x, 1))), { device });
    expect(small(tensor([1, 2, 3])).item()).toBe(14);
    expect(large(zeros([3_000_000])).item()).toBe(0);
    expect(small(tensor([1, 2, 3])).item()).toBe(14);
    expect(large(tensor([1, 2])).item()).toBe(8);
  });

  test("takes what is empty", async () => {
    const device = await wasm({ threads: 1 });
    const run = compile((x: Tensor) => ({ sum: sum(x, { axes: 0 }), same: add(x, 1) }), { device });
    const { sum: total, same } = run(zeros([0, 3])) as { sum: Tensor; same: Tensor };
    expect(total.toNested()).toEqual([0, 0, 0]);
    expect(same.shape).toEqual([0, 3]);
  });

  test("explains what a program does", async () => {
    const device = await wasm({ threads: 1 });
    const run = compile((a: Tensor, b: Tensor) => sum(relu(matmul(a, b))), { device });
    run(zeros([100, 50]), zeros([50, 10]));
    const table = run.explain();
    expect(table).toMatch(/matmul \+ clamp 0\.\.Infinity {2,}\[100, 50\] \[50, 10\] -> \[100, 10\] +\S+ KiB +0\.10/);
    expect(table).toMatch(/2 calls, 0\.10 MFLOP on wasm \(.*1 thread\)/);
    expect(table).toMatch(/arena .* planned, .* unshared/);
  });

  test("explains what it does once, apart", async () => {
    const device = await wasm({ threads: 1 });
    const [weight, scale] = [zeros([8, 4, 3, 3]), zeros([8, 1, 1])];
    const run = compile((x: Tensor) => relu(mul(conv2d(x, weight), scale)), { device });
    run(zeros([2, 4, 9, 9]));
    const [, once, product, prepare, , each, conv] = run.explain().split("\n");
    expect(once).toBe("once, and when its constants change:");
    expect(product).toMatch(/^chain\(mul\) +\[8, 4, 3, 3\] \[8, 1, 1, 1\] -> \[8, 4, 3, 3\]/);
    expect(prepare).toMatch(/^prepare for conv2d +\[8, 4, 3, 3\] +\S+ KiB/);
    expect(each).toBe("at each run:");
    expect(conv).toMatch(/^conv2d \+ clamp 0\.\.Infinity/);
    expect(run.explain()).toMatch(/^1 calls, [\s\S]*^kept .* of 2 constants$/m);
  });

  test("names itself", async () => {
    const device = await wasm({ threads: 2, simd: "simd" });
    expect(device.name).toBe("wasm (SIMD, 2 threads)");
    expect([device.threads, device.simd]).toEqual([2, "simd"]);
  });

  test("refuses what it cannot do, with typed errors", async () => {
    await expect(wasm({ threads: 0 })).rejects.toThrow(ArgumentError);
    await expect(wasm({ maximumBytes: 1 })).rejects.toThrow(ArgumentError);
    const device = await wasm({ threads: 1, maximumBytes: 2 ** 26 });
    const double = compile((x: Tensor) => add(x, x), { device });
    expect(() => double(tensor(Float64Array.of(1, 2)))).toThrow(DeviceError);
    expect(() => double(tensor(Float64Array.of(1, 2)))).toThrow(/got float64 \[2\]\. .*reference device/);
    const grow = (): unknown => double(zeros([2 ** 24]));
    expect(grow).toThrow(DeviceError);
    expect(grow).toThrow(/cannot grow .* at most 64 MiB/);
    // And goes on working afterwards.
    expect(double(tensor([1, 2])).toNested()).toEqual([2, 4]);
  });
});
