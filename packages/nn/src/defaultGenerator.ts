import { Generator } from "@graftjs/tensor";

const key: unique symbol = Symbol.for("@graftjs/nn/generator@1");

/**
 * What layers draw from where no generator is given: one stream for all installed copies, seeded with 0 at the start.
 *
 * @example
 * ```ts
 * import { defaultGenerator } from "@graftjs/nn";
 * import { randomUniform } from "@graftjs/tensor";
 *
 * console.log(randomUniform([2], defaultGenerator()).shape, defaultGenerator() === defaultGenerator()); // [2] true
 * ```
 */
export function defaultGenerator(): Generator {
  const shared = globalThis as { [key]?: Generator };
  shared[key] ??= new Generator(0);
  return shared[key];
}

/**
 * Starts the default generator anew; compiled functions that draw from it follow.
 * @param seed a safe integer >= 0. @throws {ArgumentError} otherwise.
 * Source: https://pytorch.org/docs/stable/generated/torch.manual_seed.html
 *
 * @example
 * ```ts
 * import { manualSeed, normal } from "@graftjs/nn";
 * import { equal, tensor } from "@graftjs/tensor";
 *
 * manualSeed(3);
 * const first = normal([2]).toNested();
 * manualSeed(3);
 * console.log(equal(normal([2]), tensor(first)).toNested()); // [1, 1]
 * ```
 */
export function manualSeed(seed: number): void {
  defaultGenerator().state.assign(new Generator(seed).state);
}
