import type { Dataset, Sample, SampleKey, SampleWorker } from "./dataset.ts";
import { DatasetError } from "./errors.ts";

/**
 * Some examples of a data set, in a given order. An example keeps the random draws that it has in the whole.
 * @throws DatasetError for an index outside the data set.
 *
 * @example
 * ```ts
 * import { Subset, TensorDataset } from "@graftjs/data";
 *
 * const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2, 3), shape: [1], labels: [0, 1, 0] });
 * const subset = new Subset(dataset, [2, 0]);
 * console.log(subset.length, subset.labels); // 2 [0, 0]
 * ```
 */
export class Subset implements Dataset {
  readonly length: number;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  readonly startWorker?: () => SampleWorker;
  readonly #dataset: Dataset;
  readonly #indices: Int32Array;

  constructor(dataset: Dataset, indices: ArrayLike<number>) {
    const bad = Array.from(indices).find((index) => !Number.isInteger(index) || index < 0 || index >= dataset.length);
    if (bad !== undefined) {
      const expected = `indices from 0 to ${dataset.length - 1}`;
      throw new DatasetError(`Subset: expected ${expected}, got ${bad}.`, { op: "Subset", expected, got: String(bad) });
    }
    const chosen = Int32Array.from(indices);
    this.length = chosen.length;
    this.shape = dataset.shape;
    this.labels = chosen.map((index) => dataset.labels[index] as number);
    this.#dataset = dataset;
    this.#indices = chosen;
    if (dataset.startWorker) {
      this.startWorker = () => {
        const worker = (dataset as Required<Dataset>).startWorker();
        return {
          load: (index, key) => worker.load(chosen[index] as number, key),
          close: () => worker.close(),
        };
      };
    }
  }

  sample(index: number, key: SampleKey): Sample | Promise<Sample> {
    return this.#dataset.sample(this.#indices[index] as number, key);
  }
}
