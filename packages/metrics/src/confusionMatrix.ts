import { assertClasses, assertSameLength } from "./inputs.ts";

/**
 * How often each class (row) was taken for each (column).
 * @throws ArgumentError if lengths differ, nothing is given, or a value is no class.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@graftjs/metrics";
 *
 * console.log(confusionMatrix([0, 1, 1, 0], [0, 1, 0, 0], 2)); // [[2, 0], [1, 1]]
 * ```
 */
export function confusionMatrix(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  assertSameLength("confusionMatrix", targets, predictions);
  assertClasses("confusionMatrix", targets, classes);
  assertClasses("confusionMatrix", predictions, classes);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < targets.length; i++) {
    const row = matrix[targets[i] as number] as number[];
    const column = predictions[i] as number;
    row[column] = (row[column] as number) + 1;
  }
  return matrix;
}
