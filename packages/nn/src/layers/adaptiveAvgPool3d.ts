import { type AdaptiveSize3d, adaptiveAvgPool3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Means over windows that divide [N, C, D, H, W] or [C, D, H, W] evenly, to [N, C, ...outputSize].
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html
 *
 * @example
 * ```ts
 * import { AdaptiveAvgPool3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveAvgPool3d([2, 7, null]).forward(ones([1, 4, 5, 20, 9])).shape); // [1, 4, 2, 7, 9]
 * ```
 */
export class AdaptiveAvgPool3d extends Module {
  readonly outputSize: AdaptiveSize3d;

  constructor(outputSize: AdaptiveSize3d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}
