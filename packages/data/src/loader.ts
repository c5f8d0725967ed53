import { type Tensor, tensor } from "@graftjs/tensor";
import type { Dataset, Sample, SampleKey } from "./dataset.ts";
import { DataLoaderError, ImageDecodeError } from "./errors.ts";
import { Prefetch } from "./prefetch.ts";
import { permutation, purpose, RandomStream } from "./random.ts";
import { WorkerPool } from "./workerPool.ts";

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions {
  /** Examples a batch; 32 unless given. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** A new order each epoch, a function of seed and epoch; false unless given. */
  readonly shuffle?: boolean;
  /** An integer from 0; 0 unless given. */
  readonly seed?: number;
  /** Leaves out a last batch that is not full; false unless given. */
  readonly dropLast?: boolean;
  /** Batches that are made ready ahead of the one in use; 2 unless given. */
  readonly prefetch?: number;
  /** Threads that load samples; 0 (load in this thread) unless given. */
  readonly workers?: number;
  /** Keeps the threads from one epoch to the next, until `close`; false unless given. */
  readonly persistentWorkers?: boolean;
  /** Leaves out images that cannot be decoded, and lists them in `skipped`; false unless given. */
  readonly skipBad?: boolean;
}

/** A batch in plain arrays. */
export interface ArrayBatch {
  /** Row-major, of `shape`. */
  readonly inputs: Float32Array;
  /** [batch, ...shape of a sample]. */
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  /** Which examples of the data set these are. */
  readonly indices: Int32Array;
}

/** A batch in tensors. */
export interface Batch {
  /** float32 [batch, ...shape of a sample]. */
  readonly inputs: Tensor;
  /** int32 [batch]. */
  readonly labels: Tensor;
  /** Which examples of the data set these are. */
  readonly indices: Int32Array;
}

/** Options of {@link DataLoader}. */
export interface EpochOptions {
  /** The first batch to give, to go on where a run stopped; 0 unless given. */
  readonly from?: number;
}

/**
 * Gives a data set in batches: `for await (const { inputs, labels } of new DataLoader(train, { batchSize: 32 }))`.
 *
 * Order and content are a function of the data set, the options, and the epoch's number; never of the number of
 * workers, nor of timing. Leaving the loop early stops what is under way and ends the workers.
 *
 * @throws DataLoaderError for options out of range, or workers for a data set that cannot be loaded in workers.
 * @see https://docs.pytorch.org/docs/stable/data.html
 *
 * @example
 * ```ts
 * import { DataLoader, TensorDataset } from "@graftjs/data";
 *
 * const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2, 3, 4, 5), shape: [1], labels: [0, 1, 0, 1, 0] });
 * for await (const { inputs, labels } of new DataLoader(dataset, { batchSize: 2, dropLast: true })) {
 *   console.log(inputs.shape, labels.shape); // [2, 1] [2]
 * }
 * ```
 */
export class DataLoader implements AsyncIterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** The images left out so far, by index into the data set, when `skipBad` is set. */
  readonly skipped: ReadonlyMap<number, ImageDecodeError>;
  readonly #skipped = new Map<number, ImageDecodeError>();
  readonly #options: Required<DataLoaderOptions>;
  #pool: WorkerPool | undefined;
  #next = 0;

  constructor(dataset: Dataset, options: DataLoaderOptions = {}) {
    const defaults = { batchSize: 32, shuffle: false, seed: 0, dropLast: false, prefetch: 2, workers: 0 };
    this.#options = { ...defaults, persistentWorkers: false, skipBad: false, ...options };
    this.dataset = dataset;
    this.batchSize = this.#options.batchSize;
    this.skipped = this.#skipped;
    const least = { batchSize: 1, seed: 0, prefetch: 0, workers: 0 };
    for (const [name, bound] of Object.entries(least) as [keyof typeof least, number][]) {
      const value = this.#options[name];
      if (Number.isSafeInteger(value) && value >= bound) continue;
      const expected = `${name} to be an integer of at least ${bound}`;
      throw new DataLoaderError(`DataLoader: expected ${expected}, got ${value}.`, {
        op: "DataLoader",
        expected,
        got: String(value),
      });
    }
    if (this.#options.workers > 0 && !dataset.startWorker) {
      const expected = "a data set that can be loaded in workers";
      const help = "Use workers: 0 for data that lies in memory.";
      throw new DataLoaderError(`DataLoader: expected ${expected}, got one that cannot. ${help}`, {
        op: "DataLoader",
        expected,
        help,
      });
    }
  }

  /** Batches an epoch; fewer come if `skipBad` leaves images out. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.#options.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The order of examples in an epoch. */
  order(epoch: number): Int32Array {
    const { seed, shuffle } = this.#options;
    return shuffle
      ? permutation(this.dataset.length, new RandomStream(seed, [purpose.shuffle, epoch, 0]))
      : Int32Array.from({ length: this.dataset.length }, (_, index) => index);
  }

  /** The batches of one epoch. */
  async *epoch(epoch: number, options: EpochOptions = {}): AsyncGenerator<Batch, void, undefined> {
    for await (const { inputs, shape, labels, indices } of this.arrays(epoch, options)) {
      yield { inputs: tensor(inputs, shape), labels: tensor(labels, [labels.length]), indices };
    }
  }

  /** The batches of the next epoch: epoch 0 the first time. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    return this.epoch(this.#next++);
  }

  /** The batches of one epoch, in plain arrays. */
  async *arrays(epoch: number, { from = 0 }: EpochOptions = {}): AsyncGenerator<ArrayBatch, void, undefined> {
    // Where images are left out, batches are cut from what remains, so it takes the whole epoch to know where one begins.
    let number = this.#options.skipBad ? 0 : from;
    const order = this.order(epoch).subarray(number * this.batchSize);
    const pool = this.#startPool();
    const samples = this.#prefetch(order, epoch, pool);
    try {
      for (;;) {
        const batch = await this.#nextBatch(samples);
        if (batch === undefined) return;
        if (number++ >= from) yield batch;
      }
    } finally {
      const stopped = samples.stop();
      if (pool !== this.#pool) await pool?.close();
      await stopped;
    }
  }

  /** Ends workers that were kept, if any. */
  async close(): Promise<void> {
    await this.#pool?.close();
    this.#pool = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #startPool(): WorkerPool | undefined {
    const { workers, persistentWorkers } = this.#options;
    if (workers === 0) return undefined;
    if (this.#pool) return this.#pool;
    const pool = new WorkerPool(workers, () => (this.dataset as Required<Dataset>).startWorker());
    if (persistentWorkers) this.#pool = pool;
    return pool;
  }

  #prefetch(order: Int32Array, epoch: number, pool: WorkerPool | undefined): Prefetch {
    const { seed, prefetch, workers } = this.#options;
    const key: SampleKey = { seed, epoch };
    const limits = { ahead: Math.max(prefetch * this.batchSize, 1), concurrency: pool ? 2 * workers : 4 };
    return new Prefetch(order, (index) => pool?.load(index, key) ?? this.dataset.sample(index, key), limits);
  }

  async #nextBatch(samples: Prefetch): Promise<ArrayBatch | undefined> {
    const { dropLast, skipBad } = this.#options;
    const good: { readonly index: number; readonly sample: Sample }[] = [];
    while (good.length < this.batchSize) {
      const taken = samples.take();
      const loaded = taken instanceof Promise ? await taken : taken;
      if (loaded === undefined) break;
      if (!("error" in loaded)) good.push(loaded);
      else if (skipBad && loaded.error instanceof ImageDecodeError) this.#skipped.set(loaded.index, loaded.error);
      else throw loaded.error;
    }
    const size = good.length;
    if (size === 0 || (dropLast && size < this.batchSize)) return undefined;
    const { shape } = this.dataset;
    const stride = shape.reduce((product, length) => product * length, 1);
    const inputs = new Float32Array(size * stride);
    const labels = new Int32Array(size);
    const indices = new Int32Array(size);
    good.forEach(({ index, sample }, position) => {
      inputs.set(sample.input, position * stride);
      labels[position] = sample.label;
      indices[position] = index;
    });
    return { inputs, shape: [size, ...shape], labels, indices };
  }
}
