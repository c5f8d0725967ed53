import { ArgumentError } from "@graftjs/tensor";

/**
 * Checks that there is one prediction a target, and at least one.
 * @throws ArgumentError
 */
export function assertSameLength(op: string, targets: ArrayLike<number>, predictions: ArrayLike<number>): void {
  if (targets.length > 0 && targets.length === predictions.length) return;
  const got = `${targets.length} targets and ${predictions.length} predictions`;
  throw new ArgumentError({ op, expected: "one prediction a target, at least one", got });
}

/**
 * Checks that there is a row of `classes` scores a target, and that targets are classes.
 * @throws ArgumentError
 */
export function assertRows(op: string, targets: ArrayLike<number>, scores: ArrayLike<number>, classes: number): void {
  if (targets.length === 0 || scores.length !== targets.length * classes) {
    const expected = `${classes} scores for each of ${targets.length} targets (at least one)`;
    throw new ArgumentError({ op, expected, got: `${scores.length} scores` });
  }
  assertClasses(op, targets, classes);
}

/**
 * Checks that all values are class indices.
 * @throws ArgumentError
 */
export function assertClasses(op: string, values: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isInteger(value) && value >= 0 && value < classes) continue;
    throw new ArgumentError({ op, expected: `classes from 0 to ${classes - 1}`, got: `${value} at ${i}` });
  }
}
