import { describe, expect, it } from "vitest";
import { goldenBlob, goldens } from "../../fixtures/goldens.browser.ts";
import { standardAugmentation } from "../augmentation.ts";
import { ImageDecodeError } from "../errors.ts";
import { ImageDataset } from "../imageDataset.ts";
import { type ArrayBatch, DataLoader } from "../loader.ts";
import { unit } from "../presets.ts";
import { blobDecoder } from "./blobDecoder.ts";

const preprocessing = unit(12);
const good = await Promise.all(goldens.decode.map(({ file }) => goldenBlob(file)));

function dataset(sources: readonly Blob[]): ImageDataset<Blob> {
  const labels = Int32Array.from(sources, (_, i) => i % 2);
  const augmentation = standardAugmentation(preprocessing);
  return new ImageDataset({ sources, labels, classes: ["a", "b"], preprocessing, augmentation }, blobDecoder);
}

async function load(sources: readonly Blob[], workers: number): Promise<ArrayBatch[]> {
  const batches: ArrayBatch[] = [];
  const loader = new DataLoader(dataset(sources), { batchSize: 5, shuffle: true, seed: 8, workers });
  for await (const batch of loader.arrays(0)) batches.push(batch);
  return batches;
}

describe("image workers in a browser", () => {
  it("give the same batches, whatever their number", async () => {
    const expected = await load(good, 0);
    expect(expected).toHaveLength(Math.ceil(good.length / 5));
    expect(await load(good, 1)).toEqual(expected);
    expect(await load(good, 2)).toEqual(expected);
  });

  it("name the image that they cannot decode", async () => {
    const error = await load([...good, new File(["text"], "broken.jpg")], 2).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ImageDecodeError);
    expect(error).toMatchObject({ file: "broken.jpg" });
  });
});
