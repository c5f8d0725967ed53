import { describe, expect, it } from "vitest";
import { TransformError } from "../errors.ts";
import type { Image } from "../image.ts";
import { RandomStream } from "../random.ts";
import { randomCrop } from "./randomCrop.ts";

/** Each pixel tells where it is: x + 16 y, from 17 on. */
const image: Image = {
  width: 5,
  height: 4,
  channels: 1,
  data: Uint8Array.from({ length: 20 }, (_, i) => 17 + (i % 5) + 16 * Math.floor(i / 5)),
};
const size = { width: 3, height: 2 };

describe("randomCrop", () => {
  it("takes every place, and only places inside", () => {
    const places = new Set<number>();
    for (let index = 0; index < 300; index++) {
      const { data } = randomCrop(image, { size }, new RandomStream(1, [3, 0, index]));
      const first = data[0] as number;
      expect(Array.from(data)).toEqual([0, 1, 2, 16, 17, 18].map((step) => first + step));
      places.add(first);
    }
    expect(places.size).toBe(3 * 3);
  });

  it("pads with black", () => {
    const large = { width: 7, height: 6 };
    const { data } = randomCrop(image, { size: large, padding: 1 }, new RandomStream(1, [3, 0, 0]));
    expect(Array.from(data.subarray(0, 14))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 17, 18, 19, 20, 21, 0]);
  });

  it("refuses a crop larger than the image", () => {
    const draw = () => randomCrop(image, { size: { width: 6, height: 1 } }, new RandomStream(1, [3, 0, 0]));
    expect(draw).toThrow(TransformError);
    expect(draw).toThrow("an image of at least 6 × 1, got 5 × 4, padded by 0");
  });
});
