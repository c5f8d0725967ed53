import { assertSameLength } from "./inputs.ts";

/**
 * The share of predictions that are right, from 0 to 1.
 * @throws ArgumentError if there is not one prediction a target, or none at all.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html
 *
 * @example
 * ```ts
 * import { accuracy } from "@graftjs/metrics";
 *
 * console.log(accuracy([0, 1, 1, 0], [0, 1, 0, 0])); // 0.75
 * ```
 */
export function accuracy(targets: ArrayLike<number>, predictions: ArrayLike<number>): number {
  assertSameLength("accuracy", targets, predictions);
  let right = 0;
  for (let i = 0; i < targets.length; i++) if (targets[i] === predictions[i]) right++;
  return right / targets.length;
}
