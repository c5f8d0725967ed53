import { describe, expect, it } from "vitest";
import { goldens, noise, sha256 } from "../fixtures/goldens.ts";
import { TransformError } from "./errors.ts";
import { crop } from "./image.ts";
import { kernels, resize } from "./resize.ts";

describe("resize", () => {
  for (const { kernel, channels, size, to, sha256: expected, bytes } of goldens.resize) {
    it(`equals Pillow: ${kernel}, ${channels} × ${size.join(" × ")} to ${to.join(" × ")}`, () => {
      const got = resize(noise(...size, channels), { width: to[0], height: to[1] }, kernel);
      if (bytes !== undefined) expect(Buffer.from(got.data).toString("base64")).toBe(bytes);
      expect(sha256(got.data)).toBe(expected);
    });
  }

  it("computes a region of the result as it is in the whole", () => {
    const image = noise(50, 41, 3);
    const region = { left: 5, top: 3, width: 20, height: 11 };
    for (const kernel of kernels) {
      for (const size of [
        { width: 31, height: 77 },
        { width: 90, height: 20 },
      ]) {
        const whole = crop(resize(image, size, kernel), region);
        expect(resize(image, size, kernel, region)).toEqual(whole);
      }
    }
  });

  it("says what is wrong with a size or a region", () => {
    const image = noise(4, 4, 3);
    expect(() => resize(image, { width: 0, height: 3 })).toThrow(TransformError);
    expect(() => resize(image, { width: 2.5, height: 3 })).toThrow("got 2.5 × 3");
    const region = { left: 1, top: 0, width: 3, height: 3 };
    expect(() => resize(image, { width: 3, height: 3 }, "box", region)).toThrow("a region inside 3 × 3");
    expect(() => resize({ ...image, width: 5 }, { width: 3, height: 3 })).toThrow("with 48 bytes");
  });
});
