import { describe, expect, it } from "vitest";
import { noise } from "../../fixtures/goldens.ts";
import { crop } from "../image.ts";
import { centerCrop, centerOffset } from "./centerCrop.ts";

describe("centerCrop", () => {
  it("rounds halves to even, as Python and so torchvision do", () => {
    // (length − 4) / 2 is 0.5, 1, 1.5, 2, 2.5 for lengths 5 to 9.
    expect([4, 5, 6, 7, 8, 9].map((length) => centerOffset(length, 4))).toEqual([0, 0, 1, 2, 2, 2]);
  });

  it("pads an image that is smaller, the odd pixel at the end", () => {
    expect([4, 3, 2, 1].map((length) => Math.abs(centerOffset(length, 4)))).toEqual([0, 0, 1, 1]);
    const padded = centerCrop({ width: 1, height: 1, channels: 1, data: Uint8Array.of(9) }, { width: 4, height: 2 });
    expect(Array.from(padded.data)).toEqual([0, 9, 0, 0, 0, 0, 0, 0]);
  });

  it("cuts out the middle", () => {
    const image = noise(9, 6, 3);
    expect(centerCrop(image, { width: 4, height: 4 })).toEqual(crop(image, { left: 2, top: 1, width: 4, height: 4 }));
  });
});
