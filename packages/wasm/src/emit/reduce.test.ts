import {
  argmax,
  compile,
  Generator,
  max,
  randomUniform,
  referenceDevice,
  sum,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

let device: WasmDevice;
beforeAll(async () => {
  device = await wasm({ threads: 2 });
});

describe("reductions", () => {
  test.each([
    [[1_000_000], [0]],
    [[3, 333_333], [1]],
    [[333_333, 3], [0]],
    [
      [100_003, 10],
      [0, 1],
    ],
    [
      [64, 37, 29, 31],
      [0, 2, 3],
    ],
    [[64, 37, 29, 31], [1]],
    [
      [64, 37, 29, 31],
      [0, 2],
    ],
    [
      [5, 1, 7, 1],
      [1, 3],
    ],
    [
      [5, 1, 7, 1],
      [0, 1, 2, 3],
    ],
    [[5, 7], []],
  ])("of %j over %j", (shape, axes) => {
    // Positive numbers: the sum grows, and with it the error of careless summation.
    const x = randomUniform(shape, new Generator(1), 0, 1);
    const fn = (t: Tensor): Tensor[] => [sum(t, { axes }), max(t, { axes, keepDims: true })];
    const expected = compile(fn, { device: referenceDevice })(x) as Tensor[];
    (compile(fn, { device })(x) as Tensor[]).forEach((t, k) => {
      const wanted = (expected[k] as Tensor).toArray();
      expect(t.shape).toEqual(expected[k]?.shape);
      t.toArray().forEach((v, i) => {
        const error = Math.abs(v / (wanted[i] as number) - 1);
        if (!(error <= (k === 0 ? 1e-6 : 0))) expect.fail(`output ${k}, element ${i}: ${v} instead of ${wanted[i]}`);
      });
    });
  });

  test("of int32, and of NaN", () => {
    const fn = (t: Tensor): Tensor[] => [sum(t, { axes: 0 }), max(t, { axes: 1 }), argmax(t, 1)];
    const integers = tensor(
      Int32Array.from({ length: 6000 }, (_, i) => ((i * 7919) % 4001) - 2000),
      [3000, 2],
    );
    const floats = tensor([
      [1, NaN, 3],
      [4, 5, NaN],
      [-1, -2, -3],
    ]);
    for (const x of [integers, floats]) {
      const expected = compile(fn, { device: referenceDevice })(x) as Tensor[];
      const actual = compile(fn, { device })(x) as Tensor[];
      expect(actual.map((t) => t.toNested())).toEqual(expected.map((t) => t.toNested()));
    }
  });
});
