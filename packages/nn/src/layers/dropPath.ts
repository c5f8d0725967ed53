import type { Generator, Tensor } from "@graftjs/tensor";
import { Dropping } from "./dropout.ts";

/** Options of {@link DropPath}. */
export interface DropPathOptions {
  /** What is drawn from; the default generator where none is given. */
  readonly generator?: Generator;
}

/**
 * Stochastic depth, for the residual branch of a block. In training mode: each sample of x [N, ...] is 0 with
 * probability p, and multiplied by 1 / (1 - p) otherwise; drawn anew each time, in a compiled function too. In evaluation
 * mode, and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0. @throws {ArgumentError} if p is outside of that.
 * Source: Huang et al. 2016, https://arxiv.org/abs/1603.09382;
 * https://pytorch.org/vision/stable/generated/torchvision.ops.stochastic_depth.html (mode `row`)
 *
 * @example
 * ```ts
 * import { DropPath } from "@graftjs/nn";
 * import { Generator, ones } from "@graftjs/tensor";
 *
 * const y = new DropPath(0.5, { generator: new Generator(0) }).forward(ones([6, 2]));
 * console.log(y.toNested()); // [[2, 2], [0, 0], [0, 0], [0, 0], [0, 0], [2, 2]]
 * ```
 */
export class DropPath extends Dropping {
  constructor(p = 0, options: DropPathOptions = {}) {
    super("DropPath", p, options);
  }

  forward(x: Tensor): Tensor {
    return this.drop(x, 1);
  }
}
