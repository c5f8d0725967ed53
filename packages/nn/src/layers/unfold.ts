import { fold, type Size2d, type Tensor, type UnfoldOptions, unfold } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The blocks that a convolution of [N, C, H, W] or [C, H, W] would see, as columns: [N, C · kH · kW, blocks].
 * Defaults: dilation 1, padding 0 with zeros, stride 1.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 *
 * @example
 * ```ts
 * import { Unfold } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Unfold(4, { stride: 4 }).forward(ones([1, 3, 8, 8])).shape); // [1, 48, 4]
 * ```
 */
export class Unfold extends Module {
  readonly kernelSize: Size2d;
  readonly options: UnfoldOptions;

  constructor(kernelSize: Size2d, options: UnfoldOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.options);
  }
}

/**
 * Adds up blocks [N, C · kH · kW, blocks] where {@link Unfold} would take them from a plane of `outputSize`: [N, C, H, W].
 * Defaults: dilation 1, padding 0, stride 1.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
 *
 * @example
 * ```ts
 * import { Fold } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Fold([8, 8], 4, { stride: 4 }).forward(ones([1, 48, 4])).shape); // [1, 3, 8, 8]
 * ```
 */
export class Fold extends Module {
  readonly outputSize: Size2d;
  readonly kernelSize: Size2d;
  readonly options: UnfoldOptions;

  constructor(outputSize: Size2d, kernelSize: Size2d, options: UnfoldOptions = {}) {
    super();
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.options);
  }
}
