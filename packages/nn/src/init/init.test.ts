import { Generator, type Tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import {
  constant,
  kaimingNormal,
  kaimingUniform,
  Linear,
  normal,
  skipInit,
  uniform,
  xavierNormal,
  xavierUniform,
} from "../index.ts";

const shape = [64, 32, 3, 3];
const generator = new Generator(5);

function moments(t: Tensor): { mean: number; std: number; largest: number } {
  const values = Array.from(t.toArray());
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  return { mean, std, largest: Math.max(...values.map(Math.abs)) };
}

describe("standard deviation and bound", () => {
  const [fanIn, fanOut] = [32 * 9, 64 * 9];
  test.each([
    ["kaimingUniform", kaimingUniform(shape, { generator }), Math.sqrt(2 / fanIn), true],
    ["kaimingUniform, a = √5", kaimingUniform(shape, { a: Math.sqrt(5), generator }), Math.sqrt(1 / (3 * fanIn)), true],
    ["kaimingUniform, fanOut", kaimingUniform(shape, { mode: "fanOut", generator }), Math.sqrt(2 / fanOut), true],
    ["kaimingNormal", kaimingNormal(shape, { generator }), Math.sqrt(2 / fanIn), false],
    ["kaimingNormal, fanOut", kaimingNormal(shape, { mode: "fanOut", generator }), Math.sqrt(2 / fanOut), false],
    ["xavierUniform", xavierUniform(shape, { generator }), Math.sqrt(2 / (fanIn + fanOut)), true],
    ["xavierNormal, gain", xavierNormal(shape, { gain: 2, generator }), 2 * Math.sqrt(2 / (fanIn + fanOut)), false],
    ["uniform", uniform(shape, { low: -3, high: 3, generator }), Math.sqrt(3), true],
    ["normal", normal(shape, { std: 0.01, generator }), 0.01, false],
  ] as const)("%s", (_, t, std, bounded) => {
    const found = moments(t);
    expect(t.shape).toEqual(shape);
    expect(Math.abs(found.mean)).toBeLessThan(0.03 * std);
    expect(Math.abs(found.std / std - 1)).toBeLessThan(0.02);
    if (bounded) expect(found.largest).toBeLessThanOrEqual(Math.sqrt(3) * std * 1.000001);
    else expect(found.largest).toBeGreaterThan(3 * std);
  });
});

test("constant", () => {
  expect(constant([2], 0.5).toNested()).toEqual([0.5, 0.5]);
});

test("skipInit draws nothing", () => {
  const own = new Generator(3);
  const { weight, bias } = skipInit(() => new Linear(2, 3, { generator: own }));
  expect([...weight.toArray(), ...(bias as Tensor).toArray()]).toEqual(Array(9).fill(0));
  expect([...own.state.toArray()]).toEqual([...new Generator(3).state.toArray()]);
  expect(new Linear(2, 3, { generator: own }).weight.toArray().every((v) => v !== 0)).toBe(true);
});

test("a weight needs inputs and outputs", () => {
  expect(() => kaimingUniform([3])).toThrow(expect.objectContaining({ name: "ArgumentError", op: "kaimingUniform" }));
});
