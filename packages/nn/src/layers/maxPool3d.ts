import { maxPool3d, type Pool3dOptions, type Size3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest element of each window of [N, C, D, H, W] or [C, D, H, W]. Defaults: stride = kernel size, padding 0, dilation 1,
 * sizes rounded down. `maxPool3dWithIndices` also says where they are.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html
 *
 * @example
 * ```ts
 * import { MaxPool3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MaxPool3d([2, 1, 2]).forward(tensor([[[[1, 2]], [[3, 6]]]])).toNested()); // [[[[6]]]]
 * ```
 */
export class MaxPool3d extends Module {
  readonly kernelSize: Size3d;
  readonly options: Pool3dOptions;

  constructor(kernelSize: Size3d, options: Pool3dOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool3d(x, this.kernelSize, this.options);
  }
}
