import { type AvgPool1dOptions, avgPool1d, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The mean of each window of [N, C, L] or [C, L]. Defaults: stride = kernel size, padding 0 and counted in, lengths rounded
 * down.
 * @throws {ShapeError} if the window is larger than the padded input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 *
 * @example
 * ```ts
 * import { AvgPool1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new AvgPool1d(2, { stride: 1 }).forward(tensor([[1, 2, 3, 4]])).toNested()); // [[1.5, 2.5, 3.5]]
 * ```
 */
export class AvgPool1d extends Module {
  readonly kernelSize: Size1d;
  readonly options: AvgPool1dOptions;

  constructor(kernelSize: Size1d, options: AvgPool1dOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options);
  }
}
