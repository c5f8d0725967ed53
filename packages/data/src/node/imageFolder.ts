import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatasetError } from "../errors.ts";
import { ImageDataset } from "../imageDataset.ts";
import type { Preprocessing } from "../preprocessing.ts";
import { type SplitOptions, stratifiedSplit } from "../split.ts";
import type { Transform } from "../transforms/transform.ts";
import { fileDecoder } from "./fileDecoder.ts";

/** Options of {@link imageFolder}. */
export interface ImageFolderOptions extends SplitOptions {
  readonly preprocessing: Preprocessing;
  /** For the training images only. */
  readonly augmentation?: readonly Transform[];
}

/** Photos in folders, one folder a class. */
export interface ImageFolder {
  readonly root: string;
  /** Folder names, sorted; a label is an index into them. */
  readonly classes: readonly string[];
  readonly train: ImageDataset<string>;
  readonly val: ImageDataset<string>;
  /** Whether `root` had its own `train` and `val` folders, or was split here. */
  readonly split: "folders" | "stratified";
}

/** A class and its image files, sorted by name. */
interface ClassFolder {
  readonly name: string;
  readonly files: readonly string[];
}

const imageName = /\.(jpe?g|png|webp)$/i;

/**
 * Finds the images of `root`: either `train/CLASS/*` and `val/CLASS/*`, or `CLASS/*`, which is then split so that
 * each class gives the same share to validation (see {@link stratifiedSplit}). Images are .jpg, .jpeg, .png and .webp
 * in any case; names that begin with a dot are passed over, and so are other files. No image is opened yet.
 *
 * @throws DatasetError if there is no such folder, there are no images, only one class, or `train` and `val` do not
 * hold the same classes.
 *
 * @example
 * ```ts
 * import { imagenet } from "@graftjs/data";
 * import { imageFolder } from "@graftjs/data/node";
 *
 * const { classes, train, val } = await imageFolder("packages/data/fixtures/photos", { preprocessing: imagenet() });
 * console.log(classes, train.length, val.length); // ["meadow", "sea"] 8 4
 * ```
 */
export async function imageFolder(root: string, options: ImageFolderOptions): Promise<ImageFolder> {
  const { preprocessing, augmentation, ...split } = options;
  const names = (await entries(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const hasOwnSplit = names.includes("train") && names.includes("val");
  const parts = hasOwnSplit ? await readParts(root) : splitClasses(await readClasses(root), split);
  const classes = parts.train.map(({ name }) => name);
  const train = toDataset(parts.train, classes, preprocessing);
  return {
    root,
    classes,
    train: augmentation ? train.withAugmentation(augmentation) : train,
    val: toDataset(parts.val, classes, preprocessing),
    split: hasOwnSplit ? "folders" : "stratified",
  };
}

/** Options of {@link imageClasses}. */
export interface ImageClassesOptions {
  readonly preprocessing: Preprocessing;
  /** The classes to expect, in the order of a model's outputs; the folders' names, sorted, unless given. */
  readonly classes?: readonly string[];
}

/**
 * All images of `root`, which holds one folder a class, as one data set: what a trained model is evaluated on.
 * A class of `classes` may be without a folder.
 * @throws DatasetError if there is no such folder, there are no images, or a folder is none of `classes`.
 *
 * @example
 * ```ts
 * import { imagenet } from "@graftjs/data";
 * import { imageClasses } from "@graftjs/data/node";
 *
 * const dataset = await imageClasses("packages/data/fixtures/photos/val", { preprocessing: imagenet() });
 * console.log(dataset.length, dataset.classes); // 4 ["meadow", "sea"]
 * ```
 */
export async function imageClasses(
  root: string,
  { preprocessing, classes }: ImageClassesOptions,
): Promise<ImageDataset<string>> {
  const found = await readClasses(root);
  const expected = classes ?? found.map(({ name }) => name);
  const unknown = found.find(({ name }) => !expected.includes(name));
  if (unknown) {
    const help = "Rename the folder, or use a model that knows this class.";
    throw new DatasetError(
      `imageClasses: expected the classes ${expected.join(", ")}, got a folder ${join(root, unknown.name)}. ${help}`,
      {
        op: "imageClasses",
        expected: expected.join(", "),
        got: unknown.name,
        help,
        path: join(root, unknown.name),
      },
    );
  }
  return toDataset(found, expected, preprocessing);
}

async function readParts(root: string): Promise<{ train: ClassFolder[]; val: ClassFolder[] }> {
  const [train, val] = await Promise.all([readClasses(join(root, "train")), readClasses(join(root, "val"))]);
  requireTwo(train, join(root, "train"));
  const missing = train.find(({ name }) => !val.some((other) => other.name === name));
  if (missing)
    throw unequal(join(root, "val"), `a folder for each class of train, also ${missing.name}`, "none with images");
  const unknown = val.find(({ name }) => !train.some((other) => other.name === name));
  if (unknown) throw unequal(join(root, "val"), "only classes that train has", unknown.name);
  return { train, val };
}

function unequal(path: string, expected: string, got: string): DatasetError {
  const help = "Training and validation need the same classes.";
  return new DatasetError(`imageFolder: expected ${path} to hold ${expected}, got ${got}. ${help}`, {
    op: "imageFolder",
    expected,
    got,
    help,
    path,
  });
}

function splitClasses(
  found: readonly ClassFolder[],
  options: SplitOptions,
): { train: ClassFolder[]; val: ClassFolder[] } {
  requireTwo(found, "the folder");
  const part = (name: string, files: readonly string[], indices: Int32Array): ClassFolder => ({
    name,
    files: Array.from(indices, (index) => files[index] as string),
  });
  const labels = found.flatMap(({ files }, label) => files.map(() => label));
  const files = found.flatMap((folder) => folder.files);
  const { train, val } = stratifiedSplit(labels, options);
  const pick = (indices: Int32Array): ClassFolder[] =>
    found.map(({ name }, label) =>
      part(
        name,
        files,
        indices.filter((index) => labels[index] === label),
      ),
    );
  return { train: pick(train), val: pick(val) };
}

function requireTwo(found: readonly ClassFolder[], where: string): void {
  if (found.length >= 2) return;
  const got = `only ${found.map(({ name }) => name).join(", ")}`;
  const help = "A classifier needs two folders of images or more, one a class.";
  throw new DatasetError(`imageFolder: expected at least 2 classes in ${where}, got ${got}. ${help}`, {
    op: "imageFolder",
    expected: "at least 2 classes",
    got,
    help,
  });
}

/** The folders of `root` that hold images, sorted by name. */
async function readClasses(root: string): Promise<ClassFolder[]> {
  const folders = (await entries(root)).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const files = (await entries(join(root, name)))
        .filter((entry) => !entry.isDirectory() && imageName.test(entry.name))
        .map((entry) => join(root, name, entry.name));
      return { name, files };
    }),
  );
  const classes = found.filter(({ files }) => files.length > 0);
  if (classes.length > 0) return classes;
  const expected = "folders of .jpg, .jpeg, .png or .webp images, one folder a class";
  throw new DatasetError(`no images in ${root}: expected ${expected}.`, {
    op: "imageFolder",
    expected,
    got: "no images",
    path: root,
  });
}

/** What a folder holds, hidden names left out, sorted by code units so that all machines agree. */
async function entries(folder: string): Promise<Dirent[]> {
  try {
    const all = await readdir(folder, { withFileTypes: true });
    return all.filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const got = code === "ENOENT" ? "no such folder" : code === "ENOTDIR" ? "a file" : String(cause);
    throw new DatasetError(`cannot read ${folder}: expected a folder of images, got ${got}.`, {
      op: "imageFolder",
      expected: "a folder",
      got,
      path: folder,
    });
  }
}

function toDataset(
  found: readonly ClassFolder[],
  classes: readonly string[],
  preprocessing: Preprocessing,
): ImageDataset<string> {
  const sources = found.flatMap(({ files }) => files);
  const labels = Int32Array.from(found.flatMap(({ name, files }) => files.map(() => classes.indexOf(name))));
  return new ImageDataset({ sources, labels, classes, preprocessing }, fileDecoder);
}
