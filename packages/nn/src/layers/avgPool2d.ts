import { type AvgPoolOptions, avgPool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The mean of each window of [N, C, H, W] or [C, H, W]. Defaults: stride = kernel size, padding 0 and counted in, sizes
 * rounded down.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 *
 * @example
 * ```ts
 * import { AvgPool2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new AvgPool2d(2).forward(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]])).toNested()); // [[[3.5, 5.5]]]
 * ```
 */
export class AvgPool2d extends Module {
  readonly kernelSize: Size2d;
  readonly options: AvgPoolOptions;

  constructor(kernelSize: Size2d, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }
}
