import { ArgumentError, bernoulli, cast, type Generator, mul, type Shape, type Tensor } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { Module } from "../module.ts";

/** Options of {@link dropout} and {@link Dropout}. */
export interface DropoutOptions {
  /** What is drawn from; the default generator where none is given. */
  readonly generator?: Generator;
}

/** @throws {ArgumentError} unless 0 <= p <= 1. */
export function checkProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ArgumentError({ op, expected: "a probability in [0, 1]", got: String(p) });
}

/** x · mask / (1 - p), the mask of `shape` (which broadcasts to that of x) being 0 with probability p, else 1. */
export function dropWith(x: Tensor, shape: Shape, p: number, generator: Generator = defaultGenerator()): Tensor {
  const kept = bernoulli(shape, generator, 1 - p);
  return mul(x, mul(cast(kept, x.dtype), p === 1 ? 0 : 1 / (1 - p)));
}

/**
 * Each element of x is 0 with probability p, and multiplied by 1 / (1 - p) otherwise; drawn anew each time, in a compiled
 * function too. Not so outside of training: the function always drops, {@link Dropout} asks for its mode.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * Source: Srivastava et al. 2014; https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 *
 * @example
 * ```ts
 * import { dropout } from "@graftjs/nn";
 * import { Generator, max, mean, min, ones } from "@graftjs/tensor";
 *
 * const y = dropout(ones([1000]), 0.2, { generator: new Generator(0) });
 * console.log(min(y).item(), max(y).item(), mean(y).item()); // 0 1.25 0.981
 * ```
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  checkProbability("dropout", p);
  return p === 0 ? x : dropWith(x, x.shape, p, options.generator);
}

/** What layers that drop at random hold. @throws {ArgumentError} if p is outside of [0, 1]. */
export abstract class Dropping extends Module {
  readonly p: number;
  readonly generator: Generator | null;

  constructor(op: string, p: number, options: DropoutOptions) {
    super();
    checkProbability(op, p);
    this.p = p;
    this.generator = options.generator ?? null;
  }

  /** In training mode: what the first `axes` axes of x list is dropped, each as a whole. */
  protected drop(x: Tensor, axes: number): Tensor {
    if (!this.training || this.p === 0) return x;
    const parts = x.shape.map((d, i) => (i < axes ? d : 1));
    return dropWith(x, parts, this.p, this.generator ?? defaultGenerator());
  }
}

/**
 * In training mode: each element is 0 with probability p, and multiplied by 1 / (1 - p) otherwise; drawn anew each time,
 * in a compiled function too. In evaluation mode, and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * Source: Srivastava et al. 2014; https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 *
 * @example
 * ```ts
 * import { Dropout } from "@graftjs/nn";
 * import { Generator, mean, ones } from "@graftjs/tensor";
 *
 * const layer = new Dropout(0.2, { generator: new Generator(0) });
 * console.log(mean(layer.forward(ones([1000]))).item()); // 0.981
 * layer.eval();
 * console.log(layer.forward(ones([3])).toNested()); // [1, 1, 1]
 * ```
 */
export class Dropout extends Dropping {
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super("Dropout", p, options);
  }

  forward(x: Tensor): Tensor {
    return this.drop(x, x.rank);
  }
}
