import { describe, expect, it } from "vitest";
import { noise } from "../../fixtures/goldens.ts";
import type { Image } from "../image.ts";
import { RandomStream } from "../random.ts";
import { resize } from "../resize.ts";
import { drawRegion, randomResizedCrop } from "./randomResizedCrop.ts";

const stream = (index: number): RandomStream => new RandomStream(9, [3, 0, index]);

describe("randomResizedCrop", () => {
  it("draws areas and shapes in their ranges, inside the image", () => {
    const image = { width: 400, height: 300 };
    const shares: number[] = [];
    for (let index = 0; index < 2000; index++) {
      const { left, top, width, height } = drawRegion(image, [0.2, 0.6], [0.5, 2], stream(index));
      expect(left >= 0 && top >= 0 && left + width <= 400 && top + height <= 300).toBe(true);
      expect(width / height).toBeGreaterThan(0.49);
      expect(width / height).toBeLessThan(2.05);
      shares.push((width * height) / 120000);
    }
    expect(Math.min(...shares)).toBeGreaterThan(0.19);
    expect(Math.max(...shares)).toBeLessThan(0.61);
    expect(shares.reduce((a, b) => a + b, 0) / shares.length).toBeCloseTo(0.4, 1);
  });

  it("falls back to the largest middle part of an allowed shape", () => {
    expect(drawRegion({ width: 1000, height: 10 }, [1, 1], [3 / 4, 4 / 3], stream(0))).toEqual({
      left: 493,
      top: 0,
      width: 13,
      height: 10,
    });
    expect(drawRegion({ width: 10, height: 1000 }, [1, 1], [3 / 4, 4 / 3], stream(0))).toEqual({
      left: 0,
      top: 493,
      width: 10,
      height: 13,
    });
  });

  it("is the plain resize when it must take all", () => {
    const image: Image = noise(20, 20, 3);
    const size = { width: 7, height: 8 };
    const all = randomResizedCrop(image, { size, scale: [1, 1], ratio: [1, 1] }, stream(0));
    expect(all).toEqual(resize(image, size));
  });
});
