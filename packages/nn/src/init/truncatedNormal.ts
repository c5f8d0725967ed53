import { ArgumentError, type Generator, numel, type Shape, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { normal, uniform } from "./distributions.ts";
import { isInitSkipped } from "./skipInit.ts";

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Of the distribution before it is cut. Default 1. */
  readonly std?: number;
  /** The least value. Default -2. */
  readonly a?: number;
  /** The largest value. Default 2. */
  readonly b?: number;
  readonly generator?: Generator;
}

/** How many standard deviations beyond the likeliest value of an interval there is nothing left in float64. */
const NEGLIGIBLE = 40;

/**
 * A tensor drawn from N(mean, std²), of which only [a, b] is kept: values outside are drawn anew. The bounds are values, not
 * multiples of std.
 * @throws {ArgumentError} unless a < b and std > 0. @throws {TraceError} inside of a compiled function.
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_
 *
 * @example
 * ```ts
 * import { truncatedNormal } from "@graftjs/nn";
 * import { Generator, max, min } from "@graftjs/tensor";
 *
 * const x = truncatedNormal([10000], { a: -1, b: 1, generator: new Generator(0) });
 * console.log(min(x).item(), max(x).item()); // -0.9999 0.9997
 * ```
 */
export function truncatedNormal(shape: Shape, options: TruncatedNormalOptions = {}): Tensor {
  const { mean = 0, std = 1, a = -2, b = 2, generator = defaultGenerator() } = options;
  if (!(a < b && std > 0)) {
    throw new ArgumentError({
      op: "truncatedNormal",
      expected: "a < b and std > 0",
      got: `a = ${a}, b = ${b}, std = ${std}`,
    });
  }
  if (isInitSkipped()) return zeros(shape);
  const propose = proposal((a - mean) / std, (b - mean) / std, generator);
  const values = new Float32Array(numel(shape));
  for (let filled = 0; filled < values.length; ) {
    for (const z of propose(Math.ceil(1.1 * (values.length - filled)) + 8)) {
      if (filled < values.length) values[filled++] = Math.min(Math.max(mean + std * z, a), b);
    }
  }
  return tensor(values, shape);
}

/** Gives some standard normal numbers within [low, high] out of `count` tries. */
function proposal(low: number, high: number, generator: Generator): (count: number) => Iterable<number> {
  // The likeliest value; bounds far from it make no difference.
  const mode = Math.min(Math.max(0, low), high);
  const from = Math.max(low, mode - NEGLIGIBLE);
  const width = Math.min(high, mode + NEGLIGIBLE) - from;
  if (Math.sqrt(2 * Math.PI) * Math.exp(mode ** 2 / 2) < width) {
    return (count) =>
      normal([count], { generator })
        .toArray()
        .filter((z) => z >= low && z <= high);
  }
  // In a narrow interval, or in a tail, uniform numbers are kept more often, with probability φ(z) / φ(mode).
  return (count) => {
    const draws = uniform([2, count], { generator }).toArray();
    return Array.from({ length: count }, (_, i) => from + width * (draws[i] as number)).filter(
      (z, i) => (draws[count + i] as number) < Math.exp((mode ** 2 - z ** 2) / 2),
    );
  };
}
