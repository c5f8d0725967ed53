import { type MaxUnpool1dOptions, maxUnpool1d, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Puts each value of [N, C, L] or [C, L] where `maxPool1dWithIndices` found it, among zeros.
 * Defaults: stride = kernel size, padding 0.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size cannot be that of the pool's input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
 *
 * @example
 * ```ts
 * import { MaxUnpool1d } from "@graftjs/nn";
 * import { maxPool1dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool1dWithIndices(tensor([[1, 3, 2, 4]]), 2);
 * console.log(new MaxUnpool1d(2).forward(values, indices).toNested()); // [[0, 3, 0, 4]]
 * ```
 */
export class MaxUnpool1d extends Module<readonly [x: Tensor, indices: Tensor, outputSize?: Size1d]> {
  readonly kernelSize: Size1d;
  readonly options: Omit<MaxUnpool1dOptions, "outputSize">;

  constructor(kernelSize: Size1d, options: Omit<MaxUnpool1dOptions, "outputSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /** @param outputSize spatial size of the result, where several inputs of the pool come to the same. */
  forward(x: Tensor, indices: Tensor, outputSize?: Size1d): Tensor {
    const size = outputSize === undefined ? {} : { outputSize };
    return maxUnpool1d(x, indices, this.kernelSize, { ...this.options, ...size });
  }
}
