import { type LocalResponseNormOptions, localResponseNorm, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x / (k + alpha · mean(x²))^beta, the mean being over `size` neighbouring channels of [N, C, ...].
 * Defaults: alpha 1e-4, beta 0.75, k 1.
 * @throws {ShapeError} if x has fewer than three axes. @throws {ArgumentError} unless size is an integer >= 1.
 * Source: Krizhevsky et al. 2012, https://papers.nips.cc/paper/4824;
 * https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html
 *
 * @example
 * ```ts
 * import { LocalResponseNorm } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const layer = new LocalResponseNorm(1, { alpha: 1, beta: 1 });
 * console.log(layer.forward(tensor([[[1], [2], [3]]])).toNested()); // [[[0.5], [0.4], [0.3]]]
 * ```
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly options: LocalResponseNormOptions;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    this.size = size;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.options);
  }
}
