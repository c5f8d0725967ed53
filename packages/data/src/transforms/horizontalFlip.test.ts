import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noise } from "../../fixtures/goldens.ts";
import { RandomStream } from "../random.ts";
import { horizontalFlip, randomHorizontalFlip } from "./horizontalFlip.ts";

describe("horizontalFlip", () => {
  it("mirrors each row, pixels whole", () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const flipped = horizontalFlip({ width: 2, height: 2, channels: 3, data });
    expect(Array.from(flipped.data)).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  });

  it("undoes itself", () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(1 as const, 3 as const), (width, height, channels) => {
        const image = noise(width, height, channels);
        expect(horizontalFlip(horizontalFlip(image))).toEqual(image);
      }),
    );
  });

  it("happens with its probability", () => {
    const image = noise(2, 1, 1);
    const flips = (probability: number): number => {
      let count = 0;
      for (let index = 0; index < 1000; index++) {
        const random = new RandomStream(4, [3, 0, index]);
        if (randomHorizontalFlip(image, { name: "horizontalFlip", probability }, random) !== image) count++;
      }
      return count;
    };
    expect(flips(0)).toBe(0);
    expect(flips(1)).toBe(1000);
    expect(Math.abs(flips(0.3) - 300)).toBeLessThan(60);
  });
});
