import type { Generator, Shape, Tensor } from "@graftjs/tensor";
import { normal, uniform } from "./distributions.ts";
import { fans } from "./fan.ts";

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions {
  /** Negative slope of the leaky ReLU that follows; 0 (default) for ReLU. */
  readonly a?: number;
  /** Whether the variance is kept in the forward (`fanIn`, default) or the backward pass. */
  readonly mode?: "fanIn" | "fanOut";
  readonly generator?: Generator;
}

function deviation(op: string, shape: Shape, { a = 0, mode = "fanIn" }: KaimingOptions): number {
  return Math.sqrt(2 / ((1 + a * a) * fans(op, shape)[mode]));
}

/**
 * A weight [out, in, ...] drawn from U(-b, b), b = √(6 / ((1 + a²) · fan)).
 * @throws {ArgumentError} for fewer than two axes.
 * Source: He et al. 2015, https://arxiv.org/abs/1502.01852; https://pytorch.org/docs/stable/nn.init.html
 *
 * @example
 * ```ts
 * import { kaimingUniform } from "@graftjs/nn";
 * import { Generator, max } from "@graftjs/tensor";
 *
 * const weight = kaimingUniform([1000, 100], { generator: new Generator(0) });
 * console.log(max(weight).item()); // 0.245
 * ```
 */
export function kaimingUniform(shape: Shape, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * deviation("kaimingUniform", shape, options);
  return uniform(shape, { low: -bound, high: bound, ...(options.generator && { generator: options.generator }) });
}

/**
 * A weight [out, in, ...] drawn from N(0, σ²), σ = √(2 / ((1 + a²) · fan)).
 * @throws {ArgumentError} for fewer than two axes.
 * Source: He et al. 2015, https://arxiv.org/abs/1502.01852; https://pytorch.org/docs/stable/nn.init.html
 *
 * @example
 * ```ts
 * import { kaimingNormal } from "@graftjs/nn";
 * import { Generator, std } from "@graftjs/tensor";
 *
 * const weight = kaimingNormal([1000, 100], { generator: new Generator(0) });
 * console.log(std(weight).item()); // 0.141
 * ```
 */
export function kaimingNormal(shape: Shape, options: KaimingOptions = {}): Tensor {
  const std = deviation("kaimingNormal", shape, options);
  return normal(shape, { std, ...(options.generator && { generator: options.generator }) });
}
