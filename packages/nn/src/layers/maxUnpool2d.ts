import { type MaxUnpool2dOptions, maxUnpool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Puts each value of [N, C, H, W] or [C, H, W] where `maxPool2dWithIndices` found it, among zeros.
 * Defaults: stride = kernel size, padding 0.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size cannot be that of the pool's input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 *
 * @example
 * ```ts
 * import { MaxUnpool2d } from "@graftjs/nn";
 * import { maxPool2dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool2dWithIndices(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]), 2);
 * console.log(new MaxUnpool2d(2).forward(values, indices).toNested()); // [[[0, 0, 0, 0], [0, 6, 0, 8]]]
 * ```
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
