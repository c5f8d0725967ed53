import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { goldenImage } from "../../fixtures/goldens.ts";
import { flipAugmentation } from "../augmentation.ts";
import { DatasetError } from "../errors.ts";
import { unit } from "../presets.ts";
import { imageClasses, imageFolder } from "./imageFolder.ts";

const preprocessing = unit(8);
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "graft-folder-"));
});
afterEach(() => rm(root, { recursive: true }));

/** Puts an image, or a text for names that are none, at each path under `root`. */
async function fill(...paths: string[]): Promise<void> {
  for (const path of paths) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    if (/\.(jpe?g|png|webp)$/i.test(path)) await cp(goldenImage("rgb.JPG"), file);
    else await writeFile(file, "text");
  }
}

const names = (files: readonly string[]): string[] => files.map((file) => file.slice(root.length + 1));

describe("imageFolder", () => {
  it("takes train and val as they are", async () => {
    await fill("train/b/2.PNG", "train/b/1.jpg", "train/a/x.JPEG", "val/a/y.webp", "val/b/z.jpg", "notes.txt");
    const folder = await imageFolder(root, { preprocessing });
    expect(folder).toMatchObject({ root, classes: ["a", "b"], split: "folders" });
    expect(names(folder.train.sources)).toEqual(["train/a/x.JPEG", "train/b/1.jpg", "train/b/2.PNG"]);
    expect(folder.train.labels).toEqual(Int32Array.of(0, 1, 1));
    expect(names(folder.val.sources)).toEqual(["val/a/y.webp", "val/b/z.jpg"]);
  });

  it("passes over hidden and other files, and empty folders", async () => {
    await fill(
      "train/a/1.jpg",
      "train/a/.2.jpg",
      "train/a/readme.md",
      "train/b/1.jpg",
      "train/.git/1.jpg",
      "train/c/x.txt",
    );
    await fill("val/a/1.jpg", "val/b/1.jpg");
    const { classes, train } = await imageFolder(root, { preprocessing });
    expect(classes).toEqual(["a", "b"]);
    expect(train.length).toBe(2);
  });

  it("splits plain class folders by seed, each class by itself", async () => {
    await fill(
      ...Array.from({ length: 10 }, (_, i) => `a/${i}.jpg`),
      ...Array.from({ length: 5 }, (_, i) => `b/${i}.jpg`),
    );
    const folder = await imageFolder(root, { preprocessing, seed: 3 });
    expect(folder.split).toBe("stratified");
    expect(folder.val.labels).toEqual(Int32Array.of(0, 0, 1));
    expect(folder.train.length).toBe(12);
    expect([...folder.train.sources, ...folder.val.sources].sort()).toHaveLength(
      new Set([...folder.train.sources, ...folder.val.sources]).size,
    );
    expect((await imageFolder(root, { preprocessing, seed: 3 })).val.sources).toEqual(folder.val.sources);
    expect((await imageFolder(root, { preprocessing, seed: 3, fraction: 0.4 })).val.length).toBe(6);
  });

  it("augments training images only", async () => {
    await fill("train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/b/1.jpg");
    const augmentation = flipAugmentation(preprocessing);
    const { train, val } = await imageFolder(root, { preprocessing, augmentation });
    expect(train.augmentation).toEqual(augmentation);
    expect(val.augmentation).toBeUndefined();
  });

  it("opens an image when it is read", async () => {
    await fill("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg");
    const { train } = await imageFolder(root, { preprocessing });
    const { input, label } = await train.sample(1, { seed: 0, epoch: 0 });
    expect(input).toHaveLength(3 * 8 * 8);
    expect(label).toBe(1);
  });

  const wrong: [string, string[], RegExp][] = [
    ["no images", ["readme.txt"], /no images in/],
    ["only one class", ["a/1.jpg", "a/2.jpg"], /at least 2 classes in .*, got only a\./],
    ["only one class in train", ["train/a/1.jpg", "val/a/1.jpg"], /at least 2 classes in .*train, got only a/],
    ["a class without validation", ["train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg"], /val to hold .*also b/],
    [
      "a class without training",
      ["train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/b/1.jpg", "val/c/1.jpg"],
      /only classes that train has, got c/,
    ],
    ["a class of one image", ["a/1.jpg", "a/2.jpg", "b/1.jpg"], /at least 2 examples of each class, got 1/],
  ];
  for (const [name, paths, message] of wrong) {
    it(`refuses ${name}`, async () => {
      await fill(...paths);
      const error = await imageFolder(root, { preprocessing }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DatasetError);
      expect((error as Error).message).toMatch(message);
    });
  }

  it("refuses what is no folder", async () => {
    await fill("file.txt");
    await expect(imageFolder(join(root, "none"), { preprocessing })).rejects.toThrow("no such folder");
    await expect(imageFolder(join(root, "file.txt"), { preprocessing })).rejects.toThrow("got a file");
  });
});

describe("imageClasses", () => {
  it("labels by a model's classes, which need not all be there", async () => {
    await fill("b/1.jpg", "d/1.jpg", "d/2.jpg");
    const dataset = await imageClasses(root, { preprocessing, classes: ["d", "a", "b"] });
    expect(dataset.classes).toEqual(["d", "a", "b"]);
    expect(dataset.labels).toEqual(Int32Array.of(2, 0, 0));
    expect((await imageClasses(root, { preprocessing })).classes).toEqual(["b", "d"]);
  });

  it("refuses a folder that is no class", async () => {
    await fill("b/1.jpg", "x/1.jpg");
    const asked = imageClasses(root, { preprocessing, classes: ["a", "b"] });
    await expect(asked).rejects.toThrow("expected the classes a, b, got a folder");
    await expect(asked).rejects.toMatchObject({ path: join(root, "x") });
  });
});
