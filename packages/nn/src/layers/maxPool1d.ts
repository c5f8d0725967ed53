import { maxPool1d, type Pool1dOptions, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The largest element of each window of [N, C, L] or [C, L]. Defaults: stride = kernel size, padding 0, dilation 1, lengths
 * rounded down. `maxPool1dWithIndices` also says where they are.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 *
 * @example
 * ```ts
 * import { MaxPool1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MaxPool1d(2).forward(tensor([[1, 3, 2, 4]])).toNested()); // [[3, 4]]
 * ```
 */
export class MaxPool1d extends Module {
  readonly kernelSize: Size1d;
  readonly options: Pool1dOptions;

  constructor(kernelSize: Size1d, options: Pool1dOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.options);
  }
}
