import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ImageDecodeError } from "../errors.ts";
import { decodeImage } from "./decodeImage.ts";
import type { ImageFolder } from "./imageFolder.ts";

/** What is known of a data set before anything is trained on it. */
export interface DatasetReport {
  /** How many images each class has in each part. */
  readonly classes: readonly { readonly name: string; readonly train: number; readonly val: number }[];
  /** Training images of the largest class over those of the smallest: 1 is balanced. */
  readonly imbalance: number;
  /** Files of the same content. */
  readonly duplicates: readonly Duplicate[];
  /** Files that cannot be decoded. */
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

/** Files of equal content. */
export interface Duplicate {
  /** Two or more, training files first. */
  readonly files: readonly string[];
  /** Whether a training image is also a validation image, which makes validation too good. */
  readonly acrossParts: boolean;
  /** Whether the files are of different classes, so that one of the labels is wrong. */
  readonly acrossClasses: boolean;
}

interface Entry {
  readonly file: string;
  readonly part: "train" | "val";
  readonly label: number;
}

/**
 * Reads and decodes every image of a folder, and tells what is unbalanced, double or unreadable.
 *
 * @example
 * ```ts
 * import { imagenet } from "@graftjs/data";
 * import { checkImageFolder, imageFolder } from "@graftjs/data/node";
 *
 * const folder = await imageFolder("packages/data/fixtures/photos", { preprocessing: imagenet() });
 * const { classes, unreadable, duplicates } = await checkImageFolder(folder);
 * console.log(classes); // [{ name: "meadow", train: 4, val: 2 }, { name: "sea", train: 4, val: 2 }]
 * console.log(unreadable, duplicates); // [] []
 * ```
 */
export async function checkImageFolder(folder: ImageFolder): Promise<DatasetReport> {
  const { classes, train, val } = folder;
  const entries = (["train", "val"] as const).flatMap((part) =>
    folder[part].sources.map((file, i): Entry => ({ file, part, label: folder[part].labels[i] as number })),
  );
  const byHash = new Map<string, Entry[]>();
  const unreadable: { file: string; reason: string }[] = [];
  const examine = async (entry: Entry): Promise<void> => {
    try {
      const bytes = await readFile(entry.file);
      const hash = createHash("sha256").update(bytes).digest("hex");
      const same = byHash.get(hash);
      if (same) same.push(entry);
      else byHash.set(hash, [entry]);
      await decodeImage(bytes, entry.file);
    } catch (error) {
      const reason = error instanceof ImageDecodeError ? error.reason : String(error);
      unreadable.push({ file: entry.file, reason });
    }
  };
  const queue = entries.values();
  const drain = async (): Promise<void> => {
    for (const entry of queue) await examine(entry);
  };
  await Promise.all([drain(), drain(), drain(), drain()]);

  const place = new Map(entries.map(({ file }, i) => [file, i]));
  const order = (file: string): number => place.get(file) as number;
  const count = (labels: Int32Array, label: number): number => labels.filter((other) => other === label).length;
  const counts = classes.map((name, label) => ({
    name,
    train: count(train.labels, label),
    val: count(val.labels, label),
  }));
  const sizes = counts.map((found) => found.train);
  return {
    classes: counts,
    imbalance: Math.max(...sizes) / Math.min(...sizes),
    duplicates: Array.from(byHash.values())
      .filter((same) => same.length > 1)
      .map((same) => ({
        files: same.map(({ file }) => file).sort((a, b) => order(a) - order(b)),
        acrossParts: new Set(same.map(({ part }) => part)).size > 1,
        acrossClasses: new Set(same.map(({ label }) => label)).size > 1,
      }))
      .sort((a, b) => order(a.files[0] as string) - order(b.files[0] as string)),
    unreadable: unreadable.sort((a, b) => order(a.file) - order(b.file)),
  };
}
