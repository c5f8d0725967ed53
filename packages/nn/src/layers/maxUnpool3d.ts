import { type MaxUnpool3dOptions, maxUnpool3d, type Size3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Puts each value of [N, C, D, H, W] or [C, D, H, W] where `maxPool3dWithIndices` found it, among zeros.
 * Defaults: stride = kernel size, padding 0.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size cannot be that of the pool's input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html
 *
 * @example
 * ```ts
 * import { MaxUnpool3d } from "@graftjs/nn";
 * import { maxPool3dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool3dWithIndices(tensor([[[[1, 2]], [[3, 6]]]]), [2, 1, 2]);
 * console.log(new MaxUnpool3d([2, 1, 2]).forward(values, indices).toNested()); // [[[[0, 0]], [[0, 6]]]]
 * ```
 */
export class MaxUnpool3d extends Module<readonly [x: Tensor, indices: Tensor, outputSize?: Size3d]> {
  readonly kernelSize: Size3d;
  readonly options: Omit<MaxUnpool3dOptions, "outputSize">;

  constructor(kernelSize: Size3d, options: Omit<MaxUnpool3dOptions, "outputSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /** @param outputSize spatial size of the result, where several inputs of the pool come to the same. */
  forward(x: Tensor, indices: Tensor, outputSize?: Size3d): Tensor {
    const size = outputSize === undefined ? {} : { outputSize };
    return maxUnpool3d(x, indices, this.kernelSize, { ...this.options, ...size });
  }
}
