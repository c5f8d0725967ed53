import { ArgumentError, bernoulli, cast, type Generator, mul, type Tensor } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { Module } from "../module.ts";

export interface DropoutOptions {
  /** What is drawn from; the default generator where none is given. */
  readonly generator?: Generator;
}

/**
 * In training mode: each element is 0 with probability p, and multiplied by 1 / (1 - p) otherwise; drawn anew each time,
 * in a compiled function too. In evaluation mode, and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * Source: Srivastava et al. 2014; https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends Module {
  readonly p: number;
  readonly generator: Generator | null;

  constructor(p = 0.5, options: DropoutOptions = {}) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentError({ op: "Dropout", expected: "a probability in [0, 1]", got: String(p) });
    }
    this.p = p;
    this.generator = options.generator ?? null;
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    const kept = bernoulli(x.shape, this.generator ?? defaultGenerator(), 1 - this.p);
    return mul(x, mul(cast(kept, x.dtype), this.p === 1 ? 0 : 1 / (1 - this.p)));
  }
}
