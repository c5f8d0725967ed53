import { type AvgPoolOptions, avgPool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The mean of each window of [N, C, H, W] or [C, H, W]. Defaults: stride = kernel size, padding 0 and counted in, sizes
 * rounded down.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
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
