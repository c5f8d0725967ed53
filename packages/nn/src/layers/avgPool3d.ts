import { type AvgPool3dOptions, avgPool3d, type Size3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The mean of each window of [N, C, D, H, W] or [C, D, H, W]. Defaults: stride = kernel size, padding 0 and counted in, sizes
 * rounded down.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html
 *
 * @example
 * ```ts
 * import { AvgPool3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new AvgPool3d([2, 1, 2]).forward(tensor([[[[1, 2]], [[3, 6]]]])).toNested()); // [[[[3]]]]
 * ```
 */
export class AvgPool3d extends Module {
  readonly kernelSize: Size3d;
  readonly options: AvgPool3dOptions;

  constructor(kernelSize: Size3d, options: AvgPool3dOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool3d(x, this.kernelSize, this.options);
  }
}
