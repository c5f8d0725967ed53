import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permutation, RandomStream } from "./random.ts";

const draw = (random: RandomStream, count: number): number[] => Array.from({ length: count }, () => random.uint32());

describe("RandomStream", () => {
  it("gives the known answers of Random123 for philox4x32-10", () => {
    expect(draw(new RandomStream(0, [0, 0, 0]), 4)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  });

  it("goes on to the next block", () => {
    const blocks = draw(new RandomStream(7, [1, 2, 3]), 9);
    expect(new Set(blocks).size).toBe(9);
    expect(draw(new RandomStream(7, [1, 2, 3]), 9)).toEqual(blocks);
  });

  it("keeps streams apart by seed and by each counter", () => {
    const streams = [
      new RandomStream(1, [0, 0, 0]),
      new RandomStream(2 ** 32 + 1, [0, 0, 0]),
      new RandomStream(1, [1, 0, 0]),
      new RandomStream(1, [0, 1, 0]),
      new RandomStream(1, [0, 0, 1]),
    ];
    expect(new Set(streams.map((random) => random.uint32())).size).toBe(5);
  });

  it("draws integers evenly, and uniform numbers in their range with the right mean", () => {
    const random = new RandomStream(5, [0, 0, 0]);
    const counts = new Int32Array(6);
    for (let i = 0; i < 60000; i++) counts[random.integer(6)]!++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(500);
    const values = Array.from({ length: 10000 }, () => random.uniform(-1, 3));
    expect(values.every((value) => value >= -1 && value < 3)).toBe(true);
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(1, 1);
  });
});

describe("permutation", () => {
  it("holds each number once, whatever length and seed", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (length, seed) => {
        const order = permutation(length, new RandomStream(seed, [1, 0, 0]));
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });
});
