import { ArgumentError } from "@graftjs/tensor";

/**
 * The class with the highest score in each row; the first one of equals.
 * @param scores logits or probabilities, row-major [N, classes].
 * @throws ArgumentError if the scores are not whole rows.
 *
 * @example
 * ```ts
 * import { argmax } from "@graftjs/metrics";
 *
 * console.log(argmax([0.9, 0.1, 0.2, 0.8], 2)); // [0, 1]
 * ```
 */
export function argmax(scores: ArrayLike<number>, classes: number): Int32Array {
  if (!Number.isInteger(classes) || classes < 1 || scores.length % classes !== 0) {
    throw new ArgumentError({ op: "argmax", expected: `rows of ${classes} scores`, got: `${scores.length} scores` });
  }
  const best = new Int32Array(scores.length / classes);
  for (let row = 0; row < best.length; row++) {
    const start = row * classes;
    let winner = 0;
    for (let c = 1; c < classes; c++) {
      if ((scores[start + c] as number) > (scores[start + winner] as number)) winner = c;
    }
    best[row] = winner;
  }
  return best;
}
