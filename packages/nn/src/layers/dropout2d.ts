import { formatShape, ShapeError, type Tensor } from "@graftjs/tensor";
import { type DropoutOptions, Dropping } from "./dropout.ts";

/**
 * In training mode: each channel of [N, C, ...] is 0 as a whole with probability p, and multiplied by 1 / (1 - p)
 * otherwise; drawn anew each time, in a compiled function too. In evaluation mode, and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * @throws {ShapeError} if x has fewer than two axes.
 * Source: Tompson et al. 2014, https://arxiv.org/abs/1411.4280;
 * https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
 *
 * @example
 * ```ts
 * import { Dropout2d } from "@graftjs/nn";
 * import { Generator, mean, ones } from "@graftjs/tensor";
 *
 * const y = new Dropout2d(0.5, { generator: new Generator(0) }).forward(ones([1, 6, 2, 2]));
 * console.log(mean(y, { axes: [0, 2, 3] }).toNested()); // [2, 0, 0, 0, 0, 2]
 * ```
 */
export class Dropout2d extends Dropping {
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super("Dropout2d", p, options);
  }

  forward(x: Tensor): Tensor {
    if (x.rank < 2) throw new ShapeError({ op: "Dropout2d", expected: "[N, C, ...]", got: formatShape(x.shape) });
    return this.drop(x, 2);
  }
}
