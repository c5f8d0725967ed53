import { type Generator, numel, type Shape, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { isInitSkipped } from "./skipInit.ts";

// Values are computed here and not by ops, so that the same seed gives the same weights on every device, and soon.

/**
 * A tensor drawn from U(low, high); by default U(0, 1). @throws {TraceError} inside of a compiled function.
 *
 * @example
 * ```ts
 * import { uniform } from "@graftjs/nn";
 * import { Generator, max, min } from "@graftjs/tensor";
 *
 * const x = uniform([10000], { low: -1, high: 1, generator: new Generator(0) });
 * console.log(min(x).item(), max(x).item()); // -0.9999 0.9997
 * ```
 */
export function uniform(
  shape: Shape,
  options: { readonly low?: number; readonly high?: number; readonly generator?: Generator } = {},
): Tensor {
  if (isInitSkipped()) return zeros(shape);
  const { low = 0, high = 1, generator = defaultGenerator() } = options;
  const draws = generator.uniform(shape).toArray() as Float32Array;
  return tensor(
    draws.map((u) => low + (high - low) * u),
    shape,
  );
}

/**
 * A tensor drawn from N(mean, std²), by the Box-Muller transform; by default N(0, 1).
 * @throws {TraceError} inside of a compiled function.
 *
 * @example
 * ```ts
 * import { normal } from "@graftjs/nn";
 * import { Generator, mean, std } from "@graftjs/tensor";
 *
 * const x = normal([10000], { mean: 5, std: 2, generator: new Generator(0) });
 * console.log(mean(x).item(), std(x).item()); // 4.983 2.002
 * ```
 */
export function normal(
  shape: Shape,
  options: { readonly mean?: number; readonly std?: number; readonly generator?: Generator } = {},
): Tensor {
  if (isInitSkipped()) return zeros(shape);
  const { mean = 0, std = 1, generator = defaultGenerator() } = options;
  const values = new Float32Array(numel(shape));
  const half = Math.ceil(values.length / 2);
  const draws = generator.uniform([2, half]).toArray();
  for (let i = 0; i < half; i++) {
    // 1 - u is in (0, 1], so that its logarithm is finite.
    const radius = std * Math.sqrt(-2 * Math.log(1 - (draws[i] as number)));
    const angle = 2 * Math.PI * (draws[half + i] as number);
    values[i] = mean + radius * Math.cos(angle);
    if (half + i < values.length) values[half + i] = mean + radius * Math.sin(angle);
  }
  return tensor(values, shape);
}

/**
 * A tensor filled with `value`.
 *
 * @example
 * ```ts
 * import { constant } from "@graftjs/nn";
 *
 * console.log(constant([2, 2], 0.5).toNested()); // [[0.5, 0.5], [0.5, 0.5]]
 * ```
 */
export function constant(shape: Shape, value: number): Tensor {
  return tensor(new Float32Array(numel(shape)).fill(value), shape);
}
