import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dataset, Sample, SampleKey } from "./dataset.ts";
import { DataLoaderError, ImageDecodeError } from "./errors.ts";
import { type ArrayBatch, DataLoader } from "./loader.ts";
import { TensorDataset } from "./tensorDataset.ts";

function numbers(length: number): TensorDataset {
  const inputs = Float32Array.from({ length: length * 2 }, (_, i) => i);
  return new TensorDataset({ inputs, shape: [2], labels: Array.from({ length }, (_, i) => i % 3) });
}

/** The same data, at moments that have nothing to do with its order; `bad` ones cannot be decoded. */
class Slow implements Dataset {
  readonly length: number;
  readonly shape = [2];
  readonly labels: Int32Array;
  underWay = 0;
  most = 0;
  started = 0;
  readonly #inner: TensorDataset;
  readonly #bad: ReadonlySet<number>;

  constructor(length: number, bad: readonly number[] = []) {
    this.#inner = numbers(length);
    this.#bad = new Set(bad);
    this.length = length;
    this.labels = this.#inner.labels;
  }

  async sample(index: number, _: SampleKey): Promise<Sample> {
    this.started++;
    this.most = Math.max(this.most, ++this.underWay);
    await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
    this.underWay--;
    if (this.#bad.has(index)) throw new ImageDecodeError(`${index}.jpg`, "damaged");
    return this.#inner.sample(index);
  }
}

async function all(loader: DataLoader, epoch = 0, from = 0): Promise<ArrayBatch[]> {
  const batches: ArrayBatch[] = [];
  for await (const batch of loader.arrays(epoch, { from })) batches.push(batch);
  return batches;
}

const indices = (batches: readonly ArrayBatch[]): number[] => batches.flatMap((batch) => Array.from(batch.indices));

describe("DataLoader", () => {
  it("gives tensors, batch by batch", async () => {
    const seen: unknown[] = [];
    for await (const { inputs, labels } of new DataLoader(numbers(5), { batchSize: 2 })) {
      seen.push([inputs.shape, inputs.dtype, Array.from(inputs.toArray()), labels.dtype, Array.from(labels.toArray())]);
    }
    expect(seen).toEqual([
      [[2, 2], "float32", [0, 1, 2, 3], "int32", [0, 1]],
      [[2, 2], "float32", [4, 5, 6, 7], "int32", [2, 0]],
      [[1, 2], "float32", [8, 9], "int32", [1]],
    ]);
  });

  it("leaves out a last batch that is not full, if told", async () => {
    const loader = new DataLoader(numbers(5), { batchSize: 2, dropLast: true });
    expect(loader.length).toBe(2);
    expect(indices(await all(loader))).toEqual([0, 1, 2, 3]);
    expect(new DataLoader(numbers(5), { batchSize: 2 }).length).toBe(3);
  });

  it("shuffles by seed and epoch", async () => {
    const order = async (seed: number, epoch: number) =>
      indices(await all(new DataLoader(numbers(30), { batchSize: 4, shuffle: true, seed }), epoch));
    expect(await order(1, 0)).toEqual(await order(1, 0));
    expect(await order(1, 0)).not.toEqual(await order(1, 1));
    expect(await order(1, 0)).not.toEqual(await order(2, 0));
    expect((await order(1, 5)).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it("counts epochs when it is iterated", async () => {
    const loader = new DataLoader(numbers(12), { batchSize: 12, shuffle: true });
    const orders: number[][] = [];
    for (let epoch = 0; epoch < 2; epoch++) for await (const batch of loader) orders.push(Array.from(batch.indices));
    expect(orders).toEqual([Array.from(loader.order(0)), Array.from(loader.order(1))]);
  });

  it("gives the same whatever is ready first, and however much is made ready", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 7 }), fc.nat(3), async (length, batchSize, prefetch) => {
        const options = { batchSize, shuffle: true, seed: 2 };
        const expected = await all(new DataLoader(numbers(length), options), 1);
        expect(await all(new DataLoader(new Slow(length), { ...options, prefetch }), 1)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("goes on from a batch in the middle of an epoch", async () => {
    for (const dataset of [numbers(11), new Slow(11), new Slow(11, [1, 9])]) {
      const loader = new DataLoader(dataset, { batchSize: 3, shuffle: true, skipBad: dataset instanceof Slow });
      expect(await all(loader, 4, 2)).toEqual((await all(loader, 4)).slice(2));
    }
  });

  it("loads ahead, but no more than it may", async () => {
    const dataset = new Slow(40);
    const batches = new DataLoader(dataset, { batchSize: 3, prefetch: 2 }).arrays(0);
    await batches.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(dataset.started).toBe(3 + 2 * 3);
    expect(dataset.most).toBeGreaterThan(1);
    expect(dataset.most).toBeLessThanOrEqual(4);
    await batches.return();
  });

  it("starts nothing more once the loop is left, and leaves nothing under way", async () => {
    const dataset = new Slow(40);
    for await (const batch of new DataLoader(dataset, { batchSize: 4 }).arrays(0)) {
      expect(batch.indices).toHaveLength(4);
      break;
    }
    const { started } = dataset;
    expect(dataset.underWay).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(dataset.started).toBe(started);
    expect(started).toBeLessThan(20);
  });

  it("throws what a sample throws, and stops", async () => {
    const dataset = new Slow(20, [5]);
    await expect(all(new DataLoader(dataset, { batchSize: 2 }))).rejects.toMatchObject({ file: "5.jpg" });
    expect(dataset.underWay).toBe(0);
  });

  it("leaves bad images out, keeps batches full, and tells which", async () => {
    const loader = new DataLoader(new Slow(9, [0, 4]), { batchSize: 3, skipBad: true });
    const batches = await all(loader);
    expect(batches.map((batch) => Array.from(batch.indices))).toEqual([[1, 2, 3], [5, 6, 7], [8]]);
    expect(Array.from(loader.skipped.keys()).sort()).toEqual([0, 4]);
    expect(loader.skipped.get(4)?.file).toBe("4.jpg");
  });

  it("throws other errors, also when it skips bad images", async () => {
    const dataset: Dataset = {
      ...numbers(2),
      length: 2,
      shape: [2],
      sample: () => Promise.reject(new RangeError("no")),
    };
    await expect(all(new DataLoader(dataset, { skipBad: true }))).rejects.toThrow(RangeError);
  });

  it("refuses options out of range", () => {
    expect(() => new DataLoader(numbers(1), { batchSize: 0 })).toThrow(DataLoaderError);
    expect(() => new DataLoader(numbers(1), { prefetch: 0.5 })).toThrow(
      "prefetch to be an integer of at least 0, got 0.5",
    );
    expect(() => new DataLoader(numbers(1), { workers: 1 })).toThrow("Use workers: 0");
  });
});
