import { formatShape, ShapeError, type Tensor } from "@graftjs/tensor";
import { type DropoutOptions, Dropping } from "./dropout.ts";

/**
 * In training mode: each channel of [N, C, D, H, W] or [C, D, H, W] is 0 as a whole with probability p, and multiplied by 1 / (1 - p)
 * otherwise; drawn anew each time, in a compiled function too. In evaluation mode, and while frozen: x itself.
 * @param p probability, in [0, 1]; default 0.5. @throws {ArgumentError} if p is outside of that.
 * @throws {ShapeError} if x has another number of axes.
 * Source: Tompson et al. 2014, https://arxiv.org/abs/1411.4280;
 * https://pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html
 *
 * @example
 * ```ts
 * import { Dropout3d } from "@graftjs/nn";
 * import { Generator, mean, ones } from "@graftjs/tensor";
 *
 * const y = new Dropout3d(0.5, { generator: new Generator(0) }).forward(ones([1, 6, 2, 2, 2]));
 * console.log(mean(y, { axes: [0, 2, 3, 4] }).toNested()); // [2, 0, 0, 0, 0, 2]
 * ```
 */
export class Dropout3d extends Dropping {
  constructor(p = 0.5, options: DropoutOptions = {}) {
    super("Dropout3d", p, options);
  }

  forward(x: Tensor): Tensor {
    if (x.rank !== 4 && x.rank !== 5) {
      throw new ShapeError({ op: "Dropout3d", expected: "[N, C, D, H, W] or [C, D, H, W]", got: formatShape(x.shape) });
    }
    return this.drop(x, x.rank - 3);
  }
}
