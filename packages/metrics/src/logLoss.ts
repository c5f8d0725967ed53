import { assertRows } from "./inputs.ts";

/**
 * Mean of `−ln p(target)`, in nats; probabilities are kept at least one float32 epsilon (2^−23) away from 0 and 1.
 * @param probabilities row-major [N, classes], rows of sum 1.
 * @throws ArgumentError if there is not a row of probabilities a target, or a target is no class.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html (given float32 probabilities)
 *
 * @example
 * ```ts
 * import { logLoss } from "@graftjs/metrics";
 *
 * console.log(logLoss([0, 1], [0.9, 0.1, 0.2, 0.8], 2)); // 0.1643
 * ```
 */
export function logLoss(targets: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  assertRows("logLoss", targets, probabilities, classes);
  const epsilon = 2 ** -23;
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    const probability = probabilities[i * classes + (targets[i] as number)] as number;
    sum -= Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
  }
  return sum / targets.length;
}
