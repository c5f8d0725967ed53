import type { Dataset, Sample } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { type Normalization, normalizationTable } from "./transforms/normalize.ts";

/** Options of {@link TensorDataset}. */
export interface TensorDatasetOptions {
  /**
   * All inputs, one after the other, row-major: float32 as they are, or bytes of pixels, planes first, which
   * `normalization` turns into numbers as each sample is read.
   */
  readonly inputs: Float32Array | Uint8Array;
  /** Shape of one input. */
  readonly shape: readonly number[];
  readonly labels: ArrayLike<number>;
  /** For bytes: `(pixel / divisor − mean[c]) / std[c]`; the values as they are unless given. `shape` is [C, …]. */
  readonly normalization?: Normalization;
}

/**
 * A data set that lies in memory.
 * @throws DatasetError if the sizes do not fit together.
 *
 * @example
 * ```ts
 * import { DataLoader, TensorDataset } from "@graftjs/data";
 *
 * const normalization = { divisor: 255, mean: [0.5], std: [0.5] };
 * const dataset = new TensorDataset({ inputs: Uint8Array.of(0, 255), shape: [1, 1, 1], labels: [3, 7], normalization });
 * for await (const { inputs } of new DataLoader(dataset, { batchSize: 2 })) console.log(inputs.toArray()); // [-1, 1]
 * ```
 */
export class TensorDataset implements Dataset {
  readonly length: number;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
  readonly #inputs: Float32Array | Uint8Array;
  readonly #stride: number;
  readonly #tables: readonly Float32Array[] | undefined;

  constructor({ inputs, shape, labels, normalization }: TensorDatasetOptions) {
    const stride = shape.reduce((product, size) => product * size, 1);
    if (inputs.length !== stride * labels.length) {
      const expected = `${labels.length} labels × [${shape.join(", ")}] = ${stride * labels.length} values`;
      const got = String(inputs.length);
      throw new DatasetError(`TensorDataset: expected ${expected}, got ${got}.`, {
        op: "TensorDataset",
        expected,
        got,
      });
    }
    const channels = shape[0] ?? 1;
    if (normalization && (inputs instanceof Float32Array || normalization.mean.length !== channels)) {
      const expected = `bytes, and a mean and std for each of ${channels} channels`;
      const got = inputs instanceof Float32Array ? "float32 inputs" : `${normalization.mean.length} means`;
      throw new DatasetError(`TensorDataset: normalization expects ${expected}, got ${got}.`, {
        op: "TensorDataset",
        expected,
        got,
      });
    }
    this.length = labels.length;
    this.shape = shape;
    this.labels = Int32Array.from(labels);
    this.#inputs = inputs;
    this.#stride = stride;
    this.#tables = normalization && Array.from({ length: channels }, (_, c) => normalizationTable(normalization, c));
  }

  sample(index: number): Sample {
    const label = this.labels[index] as number;
    const values = this.#inputs.subarray(index * this.#stride, (index + 1) * this.#stride);
    if (!this.#tables) return { input: new Float32Array(values), label };
    const input = new Float32Array(values.length);
    const plane = values.length / this.#tables.length;
    this.#tables.forEach((table, c) => {
      lookUp(table, values as Uint8Array, input, c * plane, (c + 1) * plane);
    });
    return { input, label };
  }
}

function lookUp(table: Float32Array, bytes: Uint8Array, out: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) out[i] = table[bytes[i] as number] as number;
}
