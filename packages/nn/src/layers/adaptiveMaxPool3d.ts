import { type AdaptiveSize3d, adaptiveMaxPool3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest elements of windows that divide [N, C, D, H, W] or [C, D, H, W] evenly, to [N, C, ...outputSize].
 * `adaptiveMaxPool3dWithIndices` also says where they are.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html
 *
 * @example
 * ```ts
 * import { AdaptiveMaxPool3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveMaxPool3d(2).forward(ones([1, 4, 5, 20, 9])).shape); // [1, 4, 2, 2, 2]
 * ```
 */
export class AdaptiveMaxPool3d extends Module {
  readonly outputSize: AdaptiveSize3d;

  constructor(outputSize: AdaptiveSize3d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveMaxPool3d(x, this.outputSize);
  }
}
