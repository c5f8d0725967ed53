import {
  add,
  argmax,
  compile,
  greater,
  matmul,
  mean,
  mul,
  neg,
  noGrad,
  reshape,
  sum,
  type Tensor,
  tensor,
  useDevice,
  zeros,
} from "@graftjs/tensor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "./wasm.ts";

const SIZE = 4096;
let device: WasmDevice;

beforeEach(async () => {
  device = await wasm({ threads: 2, parallelFrom: 0 });
  useDevice(device);
});

afterEach(() => {
  useDevice(null);
  device.close();
});

/** A tensor of `SIZE` elements: too large to be copied out at once. */
function ramp(from = 0, requiresGrad = false): Tensor {
  return tensor(
    Float32Array.from({ length: SIZE }, (_, i) => from + i),
    [SIZE],
    { requiresGrad },
  );
}

function values(f: (i: number) => number): Float32Array {
  return Float32Array.from({ length: SIZE }, (_, i) => f(i));
}

/** Fills the memory that eager ops have several times over. */
function churn(): void {
  const x = ramp();
  for (let i = 0; i < 1000; i++) neg(x);
}

describe("memory", () => {
  test("stays flat over a loop that never waits, with gradients", () => {
    const [w, x] = [tensor(new Float32Array(64 * 64), [64, 64], { requiresGrad: true }), zeros([64, 64])];
    const step = (): void => {
      w.grad = null;
      mean(mul(matmul(x, w), matmul(x, w))).backward();
      w.assign(noGrad(() => add(w, mul(w.grad as Tensor, -0.1))));
    };
    for (let i = 0; i < 300; i++) step();
    const { usedBytes, totalBytes } = device;
    for (let i = 0; i < 1000; i++) step();
    // Some 100 KiB of results a step.
    expect(device.usedBytes).toBeLessThan(usedBytes + 2 ** 19);
    expect(device.totalBytes).toBeLessThan(totalBytes + 2 ** 20);
  });

  test("is not taken beyond what the device has", async () => {
    useDevice(await wasm({ threads: 1, maximumBytes: 2 ** 26 }));
    const kept: Tensor[] = [];
    for (let i = 0; i < 40; i++) kept.push(add(zeros([2 ** 20]), i));
    expect(kept.every((t, i) => t.toArray().every((v) => v === i))).toBe(true);
  });
});

describe("results", () => {
  test("keep their values when their memory is used again", () => {
    const results = Array.from({ length: 400 }, (_, k) => mul(ramp(), k));
    churn();
    results.forEach((t, k) => {
      expect(t.toArray()).toEqual(values((i) => i * k));
    });
    // Those that were copied out come back.
    expect(add(results[1] as Tensor, results[2] as Tensor).toArray()).toEqual(values((i) => 3 * i));
  });

  test("live on in their views", () => {
    const views = Array.from({ length: 10 }, (_, k) => reshape(mul(ramp(), k), [64, 64]));
    churn();
    views.forEach((t, k) => {
      expect(t.toArray()).toEqual(values((i) => i * k));
    });
  });

  test("are ordinary arrays to the user", async () => {
    const y = neg(ramp());
    for (const array of [y.toArray(), await y.read()]) {
      expect(array.buffer).toBeInstanceOf(ArrayBuffer);
      array.fill(7);
    }
    expect(y.toArray()).toEqual(values((i) => -i || 0).map((v) => (v === 0 ? -0 : v)));
  });

  test("of other dtypes too", () => {
    const flags = greater(ramp(), 100);
    const places = argmax(reshape(ramp(), [2048, 2]), 1);
    churn();
    expect(flags.toArray()).toEqual(Uint8Array.from({ length: SIZE }, (_, i) => Number(i > 100)));
    expect(places.toArray()).toEqual(new Int32Array(2048).fill(1));
  });

  test("do not change with what they were made of", () => {
    const [w, x] = [ramp(), ramp()];
    compile((v: Tensor) => w.assign(add(w, v)), { device })(x);
    const before = mul(w, 1);
    compile((v: Tensor) => w.assign(add(w, v)), { device })(x);
    expect(before.toArray()).toEqual(values((i) => 2 * i));
    expect(mul(w, 1).toArray()).toEqual(values((i) => 3 * i));
  });

  test("that are assigned to are other values from then on", () => {
    const [x, y] = [ramp(), mul(ramp(), 2)];
    expect(add(x, y).toArray()).toEqual(values((i) => 3 * i));
    x.assign(ramp(1));
    y.assign(ramp(5));
    expect(add(x, y).toArray()).toEqual(values((i) => 2 * i + 6));
    x.assign(y);
    y.assign(neg(x));
    expect(add(x, y).toArray()).toEqual(values(() => 0));
  });

  test("become states of compiled functions", () => {
    const state = mul(ramp(), 2);
    const run = compile((x: Tensor) => state.assign(add(state, x)), { device });
    run(ramp());
    churn();
    run(ramp());
    expect(state.toArray()).toEqual(values((i) => 4 * i));
    expect(neg(state).toArray()[1]).toBe(-4);
  });

  test("stay when the device is closed", () => {
    const y = mul(ramp(), 3);
    device.close();
    useDevice(null);
    expect(add(y, 1).toArray()).toEqual(values((i) => 3 * i + 1));
  });

  test("go from device to device", async () => {
    const y = mul(ramp(), 2);
    useDevice(null);
    const z = add(y, 1);
    const other = await wasm({ threads: 1 });
    useDevice(other);
    const both = add(z, y);
    useDevice(device);
    expect(add(both, add(z, y)).toArray()).toEqual(values((i) => 8 * i + 2));
    other.close();
  });
});

describe("gradients", () => {
  test("that somebody has stay after zeroGrad", () => {
    const x = ramp(0, true);
    sum(mul(x, x)).backward();
    const first = x.grad as Tensor;
    x.grad = null;
    sum(mul(x, 3)).backward();
    x.grad = null;
    churn();
    expect(first.toArray()).toEqual(values((i) => 2 * i));
  });

  test("that two leaves share stay with the other", () => {
    const [x, y] = [ramp(0, true), ramp(0, true)];
    sum(mul(add(x, y), ramp())).backward();
    x.grad = null;
    churn();
    expect(y.grad?.toArray()).toEqual(values((i) => i));
  });

  test("that are somebody's seed are not given back", () => {
    const x = ramp(0, true);
    const seed = mul(ramp(), 2);
    add(x, 1).backward(seed);
    x.grad = null;
    churn();
    expect(seed.toArray()).toEqual(values((i) => 2 * i));
  });

  test("add up", () => {
    const x = ramp(0, true);
    const y = sum(mul(x, x));
    for (let i = 0; i < 3; i++) {
      y.backward();
      churn();
    }
    expect(x.grad?.toArray()).toEqual(values((i) => 6 * i));
  });

  test("of what was computed long ago", () => {
    const x = ramp(0, true);
    const y = mul(mul(x, x), ramp(1));
    churn();
    y.backward(ramp());
    expect(x.grad?.toArray().slice(0, 9)).toEqual(values((i) => i * 2 * i * (i + 1)).slice(0, 9));
  });
});

describe("compiled functions", () => {
  test("leave their inputs as they are", () => {
    const x = mul(ramp(), 1);
    expect(compile((v: Tensor) => neg(add(v, 1)), { device })(x).toArray()).toEqual(values((i) => -i - 1));
    expect(x.toArray()).toEqual(values((i) => i));
  });

  test("return inputs, states and one result twice as memory of their own", () => {
    const state = ramp(7);
    const run = compile((x: Tensor) => {
      const y = neg(x);
      return [x, state, y, y, reshape(y, [64, 64])];
    });
    const input = ramp(1);
    const results = run(input) as Tensor[];
    for (const result of results) result.assign(add(result, 1));
    expect(results.map((t) => t.toArray()[3])).toEqual([5, 11, -3, -3, -3]);
    expect([input.toArray()[3], state.toArray()[3]]).toEqual([4, 10]);
  });

  test("read an input that they assign to as it was", () => {
    const state = ramp(1);
    const run = compile((x: Tensor) => {
      state.assign(mul(state, 2));
      return add(x, state.detach());
    });
    run(ramp());
    expect(run(state).toArray()).toEqual(values((i) => 6 * (i + 1)));
    expect(state.toArray()).toEqual(values((i) => 4 * (i + 1)));
  });
});
