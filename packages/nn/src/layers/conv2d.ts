import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d,
  type Padding2d,
  pair,
  type Size2d,
  sides,
  type Tensor,
} from "@graftjs/tensor";
import { Convolution } from "./convolution.ts";
import type { ConvolutionPaddingMode, ConvolutionParameterOptions } from "./convolutionParameters.ts";

/** Options of {@link Conv2d}. */
export interface Conv2dOptions extends ConvolutionOptions, ConvolutionParameterOptions {
  /** What padding consists of. Default `"zeros"`. */
  readonly paddingMode?: ConvolutionPaddingMode;
}

/**
 * 2-d convolution (cross-correlation) of [N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H', W'].
 * - `weight` [outChannels, inChannels / groups, kH, kW] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(inChannels / groups · kH · kW).
 * - H' = ⌊(H + padding - dilation · (kH - 1) - 1) / stride⌋ + 1, and W' alike.
 *
 * Defaults: stride 1, padding 0 with zeros, dilation 1, groups 1, with bias. Padding may be `"same"`, which keeps the size,
 * or `"valid"`.
 * @throws {ArgumentError} if channels are not multiples of groups, or padding is `"same"` with a stride.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 *
 * @example
 * ```ts
 * import { Conv2d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new Conv2d(3, 8, 3, { stride: 2, padding: 1, bias: false });
 * console.log(layer.forward(ones([1, 3, 32, 32])).shape, layer.weight.shape); // [1, 8, 16, 16] [8, 3, 3, 3]
 * ```
 */
export class Conv2d extends Convolution<Size2d, Padding2d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size2d, options: Conv2dOptions = {}) {
    super("Conv2d", inChannels, outChannels, pair(kernelSize), options, { each: pair, sides });
  }

  protected convolve(x: Tensor, padding: Padding2d): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    return conv2d(x, weight, bias, { stride, padding, dilation, groups });
  }
}
