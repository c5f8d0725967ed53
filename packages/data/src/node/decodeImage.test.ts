import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenImage, goldens } from "../../fixtures/goldens.ts";
import { ImageDecodeError } from "../errors.ts";
import { decodeImage } from "./decodeImage.ts";

describe("decodeImage", () => {
  for (const { file, width, height, bytes } of goldens.decode) {
    it(`equals Pillow: ${file}`, async () => {
      const image = await decodeImage(goldenImage(file));
      expect(image).toMatchObject({ width, height, channels: 3 });
      expect(Buffer.from(image.data).toString("base64")).toBe(bytes);
    });
  }

  it("takes bytes as well as a file name", async () => {
    const file = goldenImage("rgb.JPG");
    expect(await decodeImage(await readFile(file))).toEqual(await decodeImage(file));
  });

  describe("of a bad file", () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "graft-decode-"));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const bad: [string, (scene: Buffer, png: Buffer) => Uint8Array, RegExp][] = [
      ["cut.jpg", (scene) => scene.subarray(0, 2000), /premature end/],
      ["cut-late.jpg", (scene) => scene.subarray(0, -400), /premature end/],
      ["cut.png", (_, png) => png.subarray(0, -30), /libpng/],
      ["text.jpg", () => Buffer.from("this is no image"), /not an image of a known format/],
      ["empty.png", () => new Uint8Array(0), /the file is empty/],
    ];
    for (const [name, make, reason] of bad) {
      it(`names it and says why: ${name}`, async () => {
        const file = join(folder, name);
        const [scene, png] = await Promise.all(["scene.jpg", "rgba.png"].map((good) => readFile(goldenImage(good))));
        await writeFile(file, make(scene as Buffer, png as Buffer));
        const error = await decodeImage(file).catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(ImageDecodeError);
        expect(error).toMatchObject({ file, reason: expect.stringMatching(reason) });
        expect((error as Error).message).toContain(file);
      });
    }

    it("names a file that is not there, and bytes without a name", async () => {
      const file = join(folder, "none.jpg");
      await expect(decodeImage(file)).rejects.toMatchObject({ file, reason: "no such file" });
      await expect(decodeImage(Uint8Array.of(1, 2))).rejects.toMatchObject({ file: "from bytes" });
      await expect(decodeImage(Uint8Array.of(1, 2), "upload 3")).rejects.toThrow("upload 3");
    });
  });
});
