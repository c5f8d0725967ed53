import { describe, expect, it } from "vitest";
import { goldens, sha256 } from "../../fixtures/goldens.ts";
import type { Image } from "../image.ts";
import { imagenet, presetFor, presetNames } from "../presets.ts";
import { normalize } from "./normalize.ts";

describe("normalize", () => {
  for (const name of presetNames) {
    it(`equals NumPy's float32 arithmetic for every pixel value: ${name}`, () => {
      const data = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
      const planes = normalize({ width: 256, height: 1, channels: 3, data }, presetFor(name, [1, 3, 8, 8]));
      expect(sha256(planes)).toBe(goldens.normalization[name]);
    });
  }

  it("puts channels into planes", () => {
    const image: Image = { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const plain = { divisor: 1, mean: [0, 0, 10], std: [1, 2, 1] };
    expect(Array.from(normalize(image, plain))).toEqual([1, 4, 1, 2.5, -7, -4]);
    expect(Array.from(normalize(image, { ...plain, mean: [0, 0, 0], std: [1, 1, 1] }, [2, 1, 0]))).toEqual([
      3, 6, 2, 5, 1, 4,
    ]);
  });

  it("refuses another number of channels", () => {
    const grey: Image = { width: 1, height: 1, channels: 1, data: Uint8Array.of(1) };
    expect(() => normalize(grey, imagenet())).toThrow("mean and std of 1 values");
  });
});
