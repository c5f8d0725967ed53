import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, type LabelledImages, readMnist, Subset, stratifiedSplit, TensorDataset } from "@graftjs/data";
import { checksums, fetchMnist } from "./download.ts";
import { MnistError } from "./errors.ts";

/** Where the digits come from: a folder of MNIST files, one pair of files, or, with neither, the net. */
export interface Source {
  readonly data?: string | undefined;
  readonly images?: string | undefined;
  readonly labels?: string | undefined;
  /** Share of the images that are for testing, where there is only one pair of files. */
  readonly testFraction: number;
  readonly seed: number;
}

export interface Digits {
  readonly train: Dataset;
  readonly test: Dataset;
}

/**
 * Digits to train and to test with, as [1, 28, 28] in [-1, 1]. Where there is one pair of files only, it is split.
 * @throws {MnistError} if files are missing or cannot be downloaded. @throws {IdxError} if one is damaged.
 */
export async function loadDigits(source: Source): Promise<Digits> {
  if (source.images !== undefined && source.labels !== undefined) {
    return splitDigits(await readMnist(await read(source.images), await read(source.labels)), source);
  }
  if (source.data === undefined) {
    const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
      Object.keys(checksums).map((name) => fetchMnist(name)),
    );
    return {
      train: dataset(await readMnist(trainImages as Bytes, trainLabels as Bytes)),
      test: dataset(await readMnist(testImages as Bytes, testLabels as Bytes)),
    };
  }
  const [train, test] = [await readPair(source.data, "train"), await readPair(source.data, "t10k")];
  if (train && test) return { train: dataset(train), test: dataset(test) };
  const one = train ?? test;
  if (one) return splitDigits(one, source);
  throw new MnistError(
    `Found no MNIST files in ${source.data}: expected train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (or one of the two pairs), each as it is or with .gz.`,
    { op: "mnist", expected: "MNIST files", got: source.data },
  );
}

type Bytes = Uint8Array<ArrayBuffer>;

async function read(path: string): Promise<Bytes> {
  return readFile(path).catch((cause: Error) => {
    throw new MnistError(`Could not read ${path}: ${cause.message}.`, { op: "mnist" }, { cause });
  });
}

async function readPair(folder: string, prefix: "train" | "t10k"): Promise<LabelledImages | undefined> {
  const find = (name: string): string | undefined =>
    [`${prefix}-${name}`, `${prefix}-${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
  const [images, labels] = [find("images-idx3-ubyte"), find("labels-idx1-ubyte")];
  return images && labels ? readMnist(await read(images), await read(labels)) : undefined;
}

function splitDigits(digits: LabelledImages, { testFraction, seed }: Source): Digits {
  const all = dataset(digits);
  const { train, val } = stratifiedSplit(digits.labels, { fraction: testFraction, seed });
  return { train: new Subset(all, train), test: new Subset(all, val) };
}

function dataset({ images, labels, height, width }: LabelledImages): Dataset {
  return new TensorDataset({
    inputs: images,
    shape: [1, height, width],
    labels,
    // transforms.Normalize((0.5,), (0.5,))
    normalization: { divisor: 255, mean: [0.5], std: [0.5] },
  });
}
