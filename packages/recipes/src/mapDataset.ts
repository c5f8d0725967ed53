import { DataLoader, type Dataset } from "@graftjs/data";
import { numel, type Tensor, tensor } from "@graftjs/tensor";

/** Options of {@link mapDataset}. */
export interface MapOptions {
  /** Default 16. */
  readonly batchSize?: number;
  readonly workers?: number;
  readonly skipBad?: boolean;
  readonly signal?: AbortSignal;
  readonly onBatch?: (done: number, total: number) => void;
}

/** What a model makes of the samples of a dataset. */
export interface Mapped {
  /** One row a sample, in the order of `indices`. */
  readonly values: Float32Array;
  readonly width: number;
  /** The samples that were read: all, unless some were skipped. */
  readonly indices: Int32Array;
}

/** From the elements of inputs [B, ...], row-major, to those of outputs [B, width]. */
export type BatchFunction = (inputs: Float32Array, shape: readonly number[]) => Promise<Float32Array>;

/** A function on tensors, usually compiled, as one on their elements. */
export function onDevice(fn: (x: Tensor) => Tensor): BatchFunction {
  return async (inputs, shape) => (await fn(tensor(inputs, shape)).read()) as Float32Array;
}

/**
 * Applies `fn`, which takes [B, ...] to [B, width], to all samples in order. The last batch is filled up, so that one
 * compiled program serves all batches. {@link onDevice} makes such a function of one on tensors.
 * @throws the signal's reason, when stopped.
 *
 * @example
 * ```ts
 * import { TensorDataset } from "@graftjs/data";
 * import { mapDataset } from "@graftjs/recipes";
 *
 * const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2, 3), shape: [1], labels: [0, 1, 0] });
 * const squares = await mapDataset(dataset, async (inputs) => inputs.map((x) => x * x), { batchSize: 2 });
 * console.log(squares); // { values: [1, 4, 9], width: 1, indices: [0, 1, 2] }
 * ```
 */
export async function mapDataset(dataset: Dataset, fn: BatchFunction, options: MapOptions = {}): Promise<Mapped> {
  const { batchSize = 16, workers = 0, skipBad = false, signal, onBatch } = options;
  const loader = new DataLoader(dataset, { batchSize, workers, skipBad });
  const rows: Float32Array[] = [];
  const indices: number[] = [];
  try {
    for await (const batch of loader.arrays(0)) {
      signal?.throwIfAborted();
      const count = batch.indices.length;
      const shape = [batchSize, ...batch.shape.slice(1)];
      const inputs = new Float32Array(numel(shape));
      inputs.set(batch.inputs);
      const values = await fn(inputs, shape);
      rows.push(values.slice(0, (count * values.length) / batchSize));
      indices.push(...batch.indices);
      onBatch?.(indices.length, dataset.length);
    }
  } finally {
    await loader.close();
  }
  const width = indices.length === 0 ? 0 : rows.reduce((n, r) => n + r.length, 0) / indices.length;
  const values = new Float32Array(width * indices.length);
  let offset = 0;
  for (const row of rows) {
    values.set(row, offset);
    offset += row.length;
  }
  return { values, width, indices: Int32Array.from(indices) };
}
