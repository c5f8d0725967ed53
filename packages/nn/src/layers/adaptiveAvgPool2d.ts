import { type AdaptiveSize2d, adaptiveAvgPool2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Means over windows that divide [N, C, H, W] or [C, H, W] evenly, to [N, C, ...outputSize].
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 *
 * @example
 * ```ts
 * import { AdaptiveAvgPool2d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveAvgPool2d([7, null]).forward(ones([1, 8, 20, 9])).shape); // [1, 8, 7, 9]
 * ```
 */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: AdaptiveSize2d;

  constructor(outputSize: AdaptiveSize2d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}
