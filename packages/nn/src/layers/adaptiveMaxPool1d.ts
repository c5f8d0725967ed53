import { adaptiveMaxPool1d, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest elements of windows that divide [N, C, L] or [C, L] evenly, to [N, C, ...outputSize].
 * `adaptiveMaxPool1dWithIndices` also says where they are.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
 *
 * @example
 * ```ts
 * import { AdaptiveMaxPool1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveMaxPool1d(2).forward(tensor([[1, 2, 3, 4, 5]])).toNested()); // [[3, 5]]
 * ```
 */
export class AdaptiveMaxPool1d extends Module {
  readonly outputSize: Size1d;

  constructor(outputSize: Size1d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveMaxPool1d(x, this.outputSize);
  }
}
