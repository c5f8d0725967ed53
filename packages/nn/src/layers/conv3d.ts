import {
  type Conv3dOptions as ConvolutionOptions,
  conv3d,
  type Padding3d,
  type Size3d,
  type Tensor,
  triple,
  volumeSides,
} from "@graftjs/tensor";
import { Convolution } from "./convolution.ts";
import type { ConvolutionPaddingMode, ConvolutionParameterOptions } from "./convolutionParameters.ts";

/** Options of {@link Conv3d}. */
export interface Conv3dOptions extends ConvolutionOptions, ConvolutionParameterOptions {
  /** What padding consists of. Default `"zeros"`. */
  readonly paddingMode?: ConvolutionPaddingMode;
}

/**
 * 3-d convolution (cross-correlation) of [N, inChannels, D, H, W] or [inChannels, D, H, W] to [N, outChannels, D', H', W'].
 * - `weight` [outChannels, inChannels / groups, kD, kH, kW] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(inChannels / groups · kD · kH · kW).
 * - D' = ⌊(D + 2 · padding - dilation · (kD - 1) - 1) / stride⌋ + 1, and H' and W' alike.
 *
 * Defaults: stride 1, padding 0 with zeros, dilation 1, groups 1, with bias. It is a 2-d convolution of slices laid side by
 * side, which takes kD times the memory of the input.
 * @throws {ArgumentError} if channels are not multiples of groups, a padding mode is none of these, or padding is named
 * otherwise than `"valid"` or, with stride 1, `"same"`.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv3d.html
 *
 * @example
 * ```ts
 * import { Conv3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Conv3d(1, 4, 3, { padding: 1 }).forward(ones([1, 1, 4, 8, 8])).shape); // [1, 4, 4, 8, 8]
 * ```
 */
export class Conv3d extends Convolution<Size3d, Padding3d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size3d, options: Conv3dOptions = {}) {
    super("Conv3d", inChannels, outChannels, triple(kernelSize), options, { each: triple, sides: volumeSides });
  }

  protected convolve(x: Tensor, padding: Padding3d): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    return conv3d(x, weight, bias, { stride, padding, dilation, groups });
  }
}
