import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenImage, goldens } from "../../fixtures/goldens.ts";
import { standardAugmentation } from "../augmentation.ts";
import { DataLoaderError, ImageDecodeError } from "../errors.ts";
import { type ArrayBatch, DataLoader, type DataLoaderOptions } from "../loader.ts";
import { unit } from "../presets.ts";
import { Subset } from "../subset.ts";
import { type ImageFolder, imageFolder } from "./imageFolder.ts";
import { startImageWorker } from "./startImageWorker.ts";

let root = "";
let folder: ImageFolder;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "graft-workers-"));
  for (const part of ["train", "val"]) {
    for (const label of ["a", "b"]) {
      await mkdir(join(root, part, label), { recursive: true });
      for (const { file } of goldens.decode) await cp(goldenImage(file), join(root, part, label, file));
    }
  }
  await writeFile(join(root, "val", "b", "broken.jpg"), "no image");
  const preprocessing = unit(12);
  folder = await imageFolder(root, { preprocessing, augmentation: standardAugmentation(preprocessing) });
});
afterAll(() => rm(root, { recursive: true }));

async function collect(loader: DataLoader, epoch = 0): Promise<ArrayBatch[]> {
  const batches: ArrayBatch[] = [];
  for await (const batch of loader.arrays(epoch)) batches.push(batch);
  return batches;
}

function load(options: DataLoaderOptions, epoch = 0): Promise<ArrayBatch[]> {
  return collect(new DataLoader(folder.train, { batchSize: 5, shuffle: true, seed: 8, ...options }), epoch);
}

describe("image workers", () => {
  it("give the same batches, whatever their number", async () => {
    const expected = await load({ workers: 0 });
    expect(expected).toHaveLength(Math.ceil(folder.train.length / 5));
    expect(await load({ workers: 1 })).toEqual(expected);
    expect(await load({ workers: 3, prefetch: 1 })).toEqual(expected);
    expect(await load({ workers: 2 }, 1)).not.toEqual(expected);
  });

  it("stay for the next epoch if told, until the loader is closed", async () => {
    await using loader = new DataLoader(folder.train, { batchSize: 50, workers: 1, persistentWorkers: true });
    const plain = new DataLoader(folder.train, { batchSize: 50 });
    for (const epoch of [0, 1]) {
      const [got, expected] = await Promise.all([loader.arrays(epoch).next(), plain.arrays(epoch).next()]);
      expect(got).toEqual(expected);
    }
  });

  it("name the image that they cannot decode", async () => {
    const loader = new DataLoader(folder.val, { workers: 2, batchSize: 4 });
    const error = await collect(loader).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImageDecodeError);
    expect(error).toMatchObject({
      file: join(root, "val", "b", "broken.jpg"),
      reason: "not an image of a known format",
    });
  });

  it("leave bad images out if told", async () => {
    const loader = new DataLoader(folder.val, { workers: 2, batchSize: 100, skipBad: true });
    const [batch] = await collect(loader);
    expect(batch?.indices).toHaveLength(folder.val.length - 1);
    expect(Array.from(loader.skipped.values(), ({ file }) => file)).toEqual([join(root, "val", "b", "broken.jpg")]);
  });

  it("end when the loop is left early", async () => {
    const loader = new DataLoader(folder.train, { workers: 2, batchSize: 2 });
    for await (const batch of loader.arrays(0)) {
      expect(batch.shape).toEqual([2, 3, 12, 12]);
      break;
    }
  });

  it("load a part of a data set", async () => {
    const subset = new Subset(folder.train, [3, 1]);
    const [got] = await collect(new DataLoader(subset, { workers: 1 }), 2);
    const [expected] = await collect(new DataLoader(subset), 2);
    expect(got).toEqual(expected);
    expect(got?.labels).toEqual(Int32Array.from([3, 1], (index) => folder.train.labels[index] as number));
  });

  it("say so when they cannot start", async () => {
    const spec = { sources: ["a.jpg"], labels: Int32Array.of(5), classes: ["a"], preprocessing: unit(12) };
    const worker = startImageWorker(spec);
    await expect(worker.load(0, { seed: 0, epoch: 0 })).rejects.toThrow(
      "a worker failed: ImageDataset: expected one label",
    );
    await worker.close();
  });

  it("let the process end, also when nobody closes them", async () => {
    const script = `
      import { DataLoader, unit } from "${new URL("../index.ts", import.meta.url)}";
      import { imageFolder } from "${new URL("../node.ts", import.meta.url)}";
      const { train } = await imageFolder(${JSON.stringify(root)}, { preprocessing: unit(12) });
      const loader = new DataLoader(train, { workers: 2, persistentWorkers: true });
      for await (const { indices } of loader.arrays(0)) console.log(indices.length);
    `;
    const argv = ["--conditions=@graftjs/source", "--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 30_000 });
    expect(
      stdout
        .trim()
        .split("\n")
        .map(Number)
        .reduce((a, b) => a + b),
    ).toBe(folder.train.length);
  });

  it("reject what they are asked for once they have ended", async () => {
    const worker = folder.train.startWorker?.();
    const underWay = worker?.load(0, { seed: 0, epoch: 0 });
    await Promise.all([expect(underWay).rejects.toThrow("the loader was closed"), worker?.close()]);
    await expect(worker?.load(0, { seed: 0, epoch: 0 })).rejects.toThrow(DataLoaderError);
  });
});
