import { compile, noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { EngineMismatchError, StoppedError } from "./errors.ts";
import { type BatchFunction, mapDataset, onDevice } from "./mapDataset.ts";
import type { FeatureEngine, Job, RecipeEvent } from "./recipe.ts";

/** What the backbone makes of each sample: [n, width] row-major, with the labels. */
export interface Features {
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: Int32Array;
  /** Samples that could not be read. */
  readonly skipped: number;
}

/** Images that one run of the backbone takes; more would only need more memory. */
const BATCH = 16;

/**
 * Runs the frozen backbone once over a set and keeps the result in the job's store, where a resumed run finds it.
 * @throws {StoppedError} when stopped; nothing is kept then. @throws {EngineMismatchError} if the engine is off.
 */
export async function* computeFeatures(job: Job, set: "train" | "val"): AsyncGenerator<RecipeEvent, Features> {
  const name = `features-${set}`;
  const fingerprint = `${job.fingerprint} ${job.engine?.name ?? "graft"}`;
  const cached = await job.store.load(name);
  if (cached && (cached.json as { fingerprint?: string }).fingerprint === fingerprint) return unpack(cached);

  const dataset = job[set];
  const own = onDevice(compile((x: Tensor) => noGrad(() => job.model.features(x)), { device: job.device }));
  const features = job.engine ? checked(job.engine, own) : own;
  const started = Date.now();
  const progress: RecipeEvent[] = [];
  let wake = (): void => {};
  const onBatch = (done: number, total: number): void => {
    const imagesPerSecond = (1000 * done) / Math.max(1, Date.now() - started);
    const [step, steps] = [Math.ceil(done / BATCH), Math.ceil(total / BATCH)];
    progress.push({ type: "progress", phase: `features of ${set}`, epoch: 1, epochs: 1, step, steps, imagesPerSecond });
    wake();
  };
  let finished = false;
  const { workers = 0, skipBad = false, signal } = job;
  const pending = mapDataset(dataset, features, {
    batchSize: BATCH,
    workers,
    skipBad,
    ...(signal && { signal }),
    onBatch,
  })
    .catch((error: unknown) => {
      throw signal?.aborted ? new StoppedError(0) : error;
    })
    .finally(() => {
      finished = true;
      wake();
    });
  while (!finished) {
    await Promise.race([
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
      pending,
    ]);
    yield* progress.splice(0);
  }
  const { values, width, indices } = await pending;
  const labels = Int32Array.from(indices, (i) => dataset.labels[i] as number);
  const result: Features = { values, width, labels, skipped: dataset.length - indices.length };
  await job.store.save(name, {
    tensors: { values: tensor(values, [labels.length, width]), labels: tensor(labels, [labels.length]) },
    json: { fingerprint, skipped: result.skipped },
  });
  return result;
}

/** How many images of the first batch an engine is checked on, and how far it may be off, relative to the largest feature. */
const CHECKED_IMAGES = 2;
const TOLERANCE = 1e-4;

/** The engine's function, whose first results are compared with our own. @throws {EngineMismatchError} */
function checked(engine: FeatureEngine, own: BatchFunction): BatchFunction {
  let trusted = false;
  return async (inputs, shape) => {
    const values = await engine.features(inputs, shape);
    if (trusted) return values;
    const count = Math.min(CHECKED_IMAGES, shape[0] as number);
    const part = inputs.subarray(0, (inputs.length / (shape[0] as number)) * count);
    const expected = await own(part, [count, ...shape.slice(1)]);
    let [largest, error] = [0, 0];
    expected.forEach((v, i) => {
      largest = Math.max(largest, Math.abs(v));
      error = Math.max(error, Math.abs(v - (values[i] as number)));
    });
    if (!(error <= TOLERANCE * largest)) throw new EngineMismatchError(engine.name, error, TOLERANCE * largest);
    trusted = true;
    return values;
  };
}

function unpack({ tensors, json }: { tensors: Readonly<Record<string, Tensor>>; json: unknown }): Features {
  const { values, labels } = tensors as { values: Tensor; labels: Tensor };
  return {
    values: values.toArray() as Float32Array,
    width: values.shape[1] as number,
    labels: labels.toArray() as Int32Array,
    skipped: (json as { skipped: number }).skipped,
  };
}
