import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { add, compile, conv2d, mul, Storage, sum, Tensor, tensor, useDevice, zeros } from "@graftjs/tensor";
import { afterEach, expect, test } from "vitest";
import { type WasmDevice, wasm } from "./wasm.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

afterEach(() => useDevice(null));

/** Collects garbage until finalisers have run; they do so between tasks. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function compileOnce(device: WasmDevice, n: number): void {
  const state = zeros([n]);
  compile((x: Tensor) => state.assign(add(mul(state, x), n)), { device })(tensor([2]));
}

test("thousands of programs and states are freed when they are collected", async () => {
  const device = await wasm({ threads: 1 });
  compileOnce(device, 4096);
  await settle();
  const used = device.usedBytes;
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 300; i++) compileOnce(device, 4096 - i);
    await settle();
  }
  // Without collection this would be 3000 states of some 16 KiB.
  expect(device.usedBytes).toBeLessThan(used + 300 * 16 * 1024);
  expect(device.totalBytes).toBeLessThan(32 * 2 ** 20);
});

test("runs do not take memory", async () => {
  const device = await wasm({ threads: 2, parallelFrom: 0 });
  const weight = tensor([1, 2, 3]);
  const step = compile(
    (x: Tensor) => {
      weight.assign(add(weight, x));
      return sum(weight);
    },
    { device },
  );
  step(tensor([1, 1, 1]));
  const { usedBytes, totalBytes } = device;
  for (let i = 0; i < 10_000; i++) step(new Tensor([3], "float32", new Storage("float32", Float32Array.of(1, 1, 1))));
  expect([device.usedBytes, device.totalBytes]).toEqual([usedBytes, totalBytes]);

  useDevice(device);
  for (let i = 0; i < 10_000; i++) mul(add(weight, 1), 2);
  expect(device.totalBytes).toBe(totalBytes);
  expect(device.usedBytes).toBeLessThan(usedBytes + 2 ** 16);
});

test("what programs keep of constants is freed with them", async () => {
  const device = await wasm({ threads: 1 });
  const weight = zeros([64, 64, 3, 3]);
  const run = (): void => {
    compile((x: Tensor) => conv2d(x, mul(weight, 2)), { device })(zeros([1, 64, 3, 3]));
  };
  run();
  await settle();
  const used = device.usedBytes;
  for (let i = 0; i < 20; i++) run();
  expect(device.usedBytes).toBeGreaterThan(used + 20 * weight.size * 4);
  await settle();
  expect(device.usedBytes).toBeLessThan(used + weight.size * 4);
});
