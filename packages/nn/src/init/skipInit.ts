let skipping = false;

/**
 * Calls `fn`, in which initialisers draw nothing: what they make is 0. For a network whose weights are loaded right
 * after, since drawing takes longer than allocating. Nothing is drawn from generators.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.skip_init.html
 *
 * @example
 * ```ts
 * import { Linear, skipInit } from "@graftjs/nn";
 *
 * const layer = skipInit(() => new Linear(2, 1)); // its weights are loaded anyway
 * console.log(layer.weight.toNested()); // [[0, 0]]
 * ```
 */
export function skipInit<T>(fn: () => T): T {
  const before = skipping;
  skipping = true;
  try {
    return fn();
  } finally {
    skipping = before;
  }
}

/** Whether {@link skipInit} is in force. */
export function isInitSkipped(): boolean {
  return skipping;
}
