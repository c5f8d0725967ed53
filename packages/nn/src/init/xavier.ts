import type { Generator, Shape, Tensor } from "@graftjs/tensor";
import { normal, uniform } from "./distributions.ts";
import { fans } from "./fan.ts";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions {
  /** Factor of the standard deviation, for the nonlinearity that follows. Default 1. */
  readonly gain?: number;
  readonly generator?: Generator;
}

function deviation(op: string, shape: Shape, { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(op, shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * A weight [out, in, ...] drawn from U(-b, b), b = gain · √(6 / (fanIn + fanOut)).
 * @throws {ArgumentError} for fewer than two axes.
 * Source: Glorot & Bengio 2010; https://pytorch.org/docs/stable/nn.init.html
 *
 * @example
 * ```ts
 * import { xavierUniform } from "@graftjs/nn";
 * import { Generator, max } from "@graftjs/tensor";
 *
 * const weight = xavierUniform([100, 300], { generator: new Generator(0) });
 * console.log(max(weight).item()); // 0.1225
 * ```
 */
export function xavierUniform(shape: Shape, options: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * deviation("xavierUniform", shape, options);
  return uniform(shape, { low: -bound, high: bound, ...(options.generator && { generator: options.generator }) });
}

/**
 * A weight [out, in, ...] drawn from N(0, σ²), σ = gain · √(2 / (fanIn + fanOut)).
 * @throws {ArgumentError} for fewer than two axes.
 * Source: Glorot & Bengio 2010; https://pytorch.org/docs/stable/nn.init.html
 *
 * @example
 * ```ts
 * import { xavierNormal } from "@graftjs/nn";
 * import { Generator, std } from "@graftjs/tensor";
 *
 * const weight = xavierNormal([100, 300], { generator: new Generator(0) });
 * console.log(std(weight).item()); // 0.0704
 * ```
 */
export function xavierNormal(shape: Shape, options: XavierOptions = {}): Tensor {
  const std = deviation("xavierNormal", shape, options);
  return normal(shape, { std, ...(options.generator && { generator: options.generator }) });
}
