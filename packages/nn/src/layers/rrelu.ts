import { ArgumentError, cast, type Generator, greater, mul, randomUniform, type Tensor, where } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { Module } from "../module.ts";
import { leakyRelu } from "./leakyRelu.ts";

/** Options of {@link RReLU}. */
export interface RReLUOptions {
  /** What is drawn from; the default generator where none is given. */
  readonly generator?: Generator;
}

/**
 * Leaky ReLU with a random slope. In training mode: y = x where x > 0, a · x elsewhere, a drawn from U(lower, upper) for
 * each element anew. In evaluation mode, and while frozen: a = (lower + upper) / 2. Defaults: 1/8 and 1/3.
 * @throws {ArgumentError} if lower > upper.
 * Source: Xu et al. 2015, https://arxiv.org/abs/1505.00853;
 * https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html
 *
 * @example
 * ```ts
 * import { RReLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const layer = new RReLU(0.1, 0.3);
 * layer.eval(); // then the slope is the mean of the bounds
 * console.log(layer.forward(tensor([-1, 2])).toNested()); // [-0.2, 2]
 * ```
 */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;
  readonly generator: Generator | null;

  constructor(lower: number = 1 / 8, upper: number = 1 / 3, options: RReLUOptions = {}) {
    super();
    if (!(lower <= upper)) {
      throw new ArgumentError({ op: "RReLU", expected: "lower <= upper", got: `${lower} and ${upper}` });
    }
    this.lower = lower;
    this.upper = upper;
    this.generator = options.generator ?? null;
  }

  forward(x: Tensor): Tensor {
    if (!this.training) return leakyRelu(x, (this.lower + this.upper) / 2);
    const slopes = randomUniform(x.shape, this.generator ?? defaultGenerator(), this.lower, this.upper);
    return where(greater(x, 0), x, mul(x, cast(slopes, x.dtype)));
  }
}
