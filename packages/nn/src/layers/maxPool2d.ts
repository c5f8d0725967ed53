import { maxPool2d, type PoolOptions, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest element of each window of [N, C, H, W] or [C, H, W]. Defaults: stride = kernel size, padding 0, dilation 1,
 * sizes rounded down. `maxPool2dWithIndices` also says where they are.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 *
 * @example
 * ```ts
 * import { MaxPool2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MaxPool2d(2).forward(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]])).toNested()); // [[[6, 8]]]
 * ```
 */
export class MaxPool2d extends Module {
  readonly kernelSize: Size2d;
  readonly options: PoolOptions;

  constructor(kernelSize: Size2d, options: PoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }
}
