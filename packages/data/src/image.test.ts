import { describe, expect, it } from "vitest";
import { goldens, noise, sha256 } from "../fixtures/goldens.ts";
import { crop, grayscale, type Image, roundHalfEven } from "./image.ts";

const image: Image = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

describe("crop", () => {
  it("cuts out a region", () => {
    expect(Array.from(crop(image, { left: 1, top: 0, width: 2, height: 2 }).data)).toEqual([2, 3, 5, 6]);
  });

  it("is black outside of the image", () => {
    const corner = crop(image, { left: -1, top: -1, width: 3, height: 2 });
    expect(Array.from(corner.data)).toEqual([0, 0, 0, 0, 1, 2]);
    const beyond = crop(image, { left: 3, top: 2, width: 1, height: 1 });
    expect(Array.from(beyond.data)).toEqual([0]);
  });
});

describe("grayscale", () => {
  it("equals Pillow's luma", () => {
    expect(sha256(grayscale(noise(97, 61, 3)).data)).toBe(goldens.grayscale);
  });

  it("leaves a grey image as it is", () => {
    expect(grayscale(image)).toBe(image);
  });
});

describe("roundHalfEven", () => {
  it("rounds as Python does", () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6, -0.5, -1.5].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 0, -2]);
  });
});
