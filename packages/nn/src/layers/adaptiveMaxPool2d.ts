import { type AdaptiveSize2d, adaptiveMaxPool2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest elements of windows that divide [N, C, H, W] or [C, H, W] evenly, to [N, C, ...outputSize].
 * `adaptiveMaxPool2dWithIndices` also says where they are.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
 *
 * @example
 * ```ts
 * import { AdaptiveMaxPool2d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveMaxPool2d(7).forward(ones([1, 8, 20, 9])).shape); // [1, 8, 7, 7]
 * ```
 */
export class AdaptiveMaxPool2d extends Module {
  readonly outputSize: AdaptiveSize2d;

  constructor(outputSize: AdaptiveSize2d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveMaxPool2d(x, this.outputSize);
  }
}
