import { describe, expect, it } from "vitest";
import { goldenBlob, goldens } from "../../fixtures/goldens.browser.ts";
import { ImageDecodeError } from "../errors.ts";
import { preprocess } from "../preprocessing.ts";
import { presetFor } from "../presets.ts";
import { decodeImage } from "./decodeImage.ts";

describe("decodeImage in a browser", () => {
  for (const { file, width, height, bytes } of goldens.decode) {
    it(`equals Pillow: ${file}`, async () => {
      const image = await decodeImage(await goldenBlob(file));
      expect(image).toMatchObject({ width, height, channels: 3 });
      const expected = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
      const differences = image.data.map((value, i) => Math.abs(value - (expected[i] as number)));
      expect(differences.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(file === "cmyk.jpg" ? 1 : 0);
    });
  }

  it("names what it cannot decode", async () => {
    const whole = await goldenBlob("scene.jpg");
    const cut = new File([whole.slice(0, whole.size - 400)], "cut.jpg");
    await expect(decodeImage(cut)).rejects.toBeInstanceOf(ImageDecodeError);
    await expect(decodeImage(cut)).rejects.toMatchObject({ file: "cut.jpg" });
    await expect(decodeImage(new Blob(["text"]), "upload 3")).rejects.toThrow("upload 3");
  });
});

describe("preprocess in a browser", () => {
  for (const { preset, size, channels, sha256, first } of goldens.preprocess) {
    it(`equals Pillow and NumPy to the bit: ${preset}, ${channels} × ${size}`, async () => {
      const contract = presetFor(preset, ["N", channels, size, size]);
      const input = preprocess(await decodeImage(await goldenBlob("scene.jpg")), contract);
      expect(Array.from(input.subarray(0, 8))).toEqual(first);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", input as Float32Array<ArrayBuffer>));
      expect(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")).toBe(sha256);
    });
  }
});
