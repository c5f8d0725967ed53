import { add, bernoulli, mul, type Tensor, where } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { type DropoutOptions, Dropping } from "./dropout.ts";

/** What SELU tends to for x → -∞, -λα. */
const saturation = -1.7580993408473766;

/**
 * Dropout that goes with SELU: it keeps mean 0 and variance 1. In training mode each element becomes s = -λα with
 * probability p, and all of them a · x + b, with a = ((1 - p) · (1 + p · s²))^-½ and b = -a · p · s. In evaluation mode,
 * and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515;
 * https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html
 *
 * @example
 * ```ts
 * import { AlphaDropout, normal } from "@graftjs/nn";
 * import { Generator, std } from "@graftjs/tensor";
 *
 * const layer = new AlphaDropout(0.3, { generator: new Generator(1) });
 * const x = normal([10000], { generator: new Generator(0) });
 * console.log(std(layer.forward(x)).item()); // 0.9967
 * layer.eval();
 * console.log(layer.forward(x) === x); // true
 * ```
 */
export class AlphaDropout extends Dropping {
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super("AlphaDropout", p, options);
  }

  forward(x: Tensor): Tensor {
    const { p } = this;
    if (!this.training || p === 0) return x;
    if (p === 1) return mul(x, 0);
    const a = ((1 - p) * (1 + p * saturation ** 2)) ** -0.5;
    const kept = bernoulli(x.shape, this.generator ?? defaultGenerator(), 1 - p);
    return add(mul(where(kept, x, saturation), a), -a * p * saturation);
  }
}
