import { ArgumentError, philox } from "@graftjs/tensor";

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** How many times examples are drawn; 1000 unless given. */
  readonly resamples?: number;
  /** Share of resamples inside the interval, between 0 and 1; 0.95 unless given. */
  readonly confidence?: number;
  /** A non-negative integer; 0 unless given. */
  readonly seed?: number;
}

/** A value, and the interval that its resamples fall into. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A percentile bootstrap interval: `statistic` of the `n` examples as they are, and its quantiles over resamples of
 * `n` examples drawn with replacement. The same seed gives the same interval.
 *
 * @param statistic of the examples with these indices, say their accuracy.
 * @throws ArgumentError for no examples, no resamples, or a confidence that is not between 0 and 1.
 * @see Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13
 *
 * @example
 * ```ts
 * import { accuracy, bootstrapInterval } from "@graftjs/metrics";
 *
 * const right = [1, 1, 1, 0, 1, 1, 0, 1, 1, 1]; // of ten predictions
 * const share = (indices: ArrayLike<number>) => Array.from(indices, (i) => right[i] as number);
 * const { low, high } = bootstrapInterval(10, (indices) => accuracy(share(indices), indices.map(() => 1)), { seed: 1 });
 * console.log(low, high); // 0.5 1
 * ```
 */
export function bootstrapInterval(
  n: number,
  statistic: (indices: Int32Array) => number,
  { resamples = 1000, confidence = 0.95, seed = 0 }: BootstrapOptions = {},
): Interval {
  const op = "bootstrapInterval";
  if (!(n >= 1)) throw new ArgumentError({ op, expected: "at least 1 example", got: String(n) });
  if (!(resamples >= 1)) throw new ArgumentError({ op, expected: "at least 1 resample", got: String(resamples) });
  if (!(confidence > 0 && confidence < 1)) {
    throw new ArgumentError({ op, expected: "a confidence between 0 and 1", got: String(confidence) });
  }
  const estimate = statistic(Int32Array.from({ length: n }, (_, i) => i));
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) values[r] = statistic(resample(n, seed, r));
  values.sort();
  const tail = (1 - confidence) / 2;
  return { estimate, low: quantile(values, tail), high: quantile(values, 1 - tail) };
}

/** Linear interpolation between the two nearest of the sorted values, as NumPy's `quantile`. */
function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** `n` of `n` indices, drawn with replacement; a function of seed and resample. */
function resample(n: number, seed: number, number: number): Int32Array {
  const drawn = new Int32Array(n);
  for (let i = 0; i < n; i += 4) {
    const words = philox(i / 4, number, 0, 0, seed, Math.floor(seed / 2 ** 32));
    for (let k = i; k < Math.min(i + 4, n); k++) {
      drawn[k] = Math.floor((((words[k - i] as number) >>> 0) / 2 ** 32) * n);
    }
  }
  return drawn;
}
