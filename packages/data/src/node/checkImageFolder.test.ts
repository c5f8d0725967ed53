import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenImage } from "../../fixtures/goldens.ts";
import { unit } from "../presets.ts";
import { checkImageFolder } from "./checkImageFolder.ts";
import { imageFolder } from "./imageFolder.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "graft-check-"));
  const contents = {
    "train/a/1.jpg": "exif2.jpg",
    "train/a/2.png": "rgb.png",
    "train/a/3.jpg": "exif3.jpg",
    "train/a/4.jpg": "exif4.jpg",
    "train/b/5.png": "rgb.png",
    "train/b/6.jpg": "exif6.jpg",
    "val/a/7.jpg": "exif4.jpg",
    "val/b/8.jpg": "exif7.jpg",
  };
  for (const [path, golden] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(goldenImage(golden), join(root, path));
  }
  await writeFile(join(root, "val/b/0.jpg"), "text");
});
afterAll(() => rm(root, { recursive: true }));

it("checkImageFolder tells what is unbalanced, double and unreadable", async () => {
  const report = await checkImageFolder(await imageFolder(root, { preprocessing: unit(8) }));
  const at = (path: string) => join(root, path);
  expect(report).toEqual({
    classes: [
      { name: "a", train: 4, val: 1 },
      { name: "b", train: 2, val: 2 },
    ],
    imbalance: 2,
    duplicates: [
      { files: [at("train/a/2.png"), at("train/b/5.png")], acrossParts: false, acrossClasses: true },
      { files: [at("train/a/4.jpg"), at("val/a/7.jpg")], acrossParts: true, acrossClasses: false },
    ],
    unreadable: [{ file: at("val/b/0.jpg"), reason: "not an image of a known format" }],
  });
});
