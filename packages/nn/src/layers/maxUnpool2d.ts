import { type MaxUnpool2dOptions, maxUnpool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Puts each value of [N, C, H, W] or [C, H, W] where `maxPool2dWithIndices` found it, among zeros.
 * Defaults: stride = kernel size, padding 0.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size cannot be that of the pool's input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 */
export class MaxUnpool2d extends Module<readonly [x: Tensor, indices: Tensor, outputSize?: Size2d]> {
  readonly kernelSize: Size2d;
  readonly options: Omit<MaxUnpool2dOptions, "outputSize">;

  constructor(kernelSize: Size2d, options: Omit<MaxUnpool2dOptions, "outputSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /** @param outputSize spatial size of the result, where several inputs of the pool come to the same. */
  forward(x: Tensor, indices: Tensor, outputSize?: Size2d): Tensor {
    const size = outputSize === undefined ? {} : { outputSize };
    return maxUnpool2d(x, indices, this.kernelSize, { ...this.options, ...size });
  }
}
