import { ArgumentError } from "@graftjs/tensor";
import { argmax } from "./argmax.ts";
import { assertRows } from "./inputs.ts";

/** Options of {@link expectedCalibrationError}. */
export interface CalibrationOptions {
  /** Bins of equal width over confidences from 0 to 1; 15 unless given. */
  readonly bins?: number;
}

/**
 * By how much confidence and accuracy differ: predictions are binned by the probability of the predicted class,
 * `ECE = Σ_b |b| / N · |accuracy(b) − confidence(b)|`; bins are (lower, upper].
 * @param probabilities row-major [N, classes].
 * @throws ArgumentError if there is not a row of probabilities a target, a target is no class, or bins is not positive.
 * @see Guo et al., "On calibration of modern neural networks", ICML 2017, equation 3
 *
 * @example
 * ```ts
 * import { expectedCalibrationError } from "@graftjs/metrics";
 *
 * console.log(expectedCalibrationError([0, 1, 1, 0], [0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3], 2)); // 0.3
 * ```
 */
export function expectedCalibrationError(
  targets: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  { bins = 15 }: CalibrationOptions = {},
): number {
  assertRows("expectedCalibrationError", targets, probabilities, classes);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ArgumentError({ op: "expectedCalibrationError", expected: "at least 1 bin", got: String(bins) });
  }
  // |b| · (accuracy − confidence) of a bin is the sum of (right − confidence) over it.
  const gaps = new Float64Array(bins);
  argmax(probabilities, classes).forEach((prediction, i) => {
    const confidence = probabilities[i * classes + prediction] as number;
    const bin = Math.min(Math.max(Math.ceil(confidence * bins) - 1, 0), bins - 1);
    gaps[bin] = (gaps[bin] as number) + Number(prediction === targets[i]) - confidence;
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / targets.length;
}
