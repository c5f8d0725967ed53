import {
  convTranspose1d,
  type Padding1d,
  type Size1d,
  single,
  type Tensor,
  type ConvTranspose1dOptions as TransposedOptions,
} from "@graftjs/tensor";
import type { ConvolutionParameterOptions } from "./convolutionParameters.ts";
import { TransposedConvolution } from "./transposedConvolution.ts";

/** Options of {@link ConvTranspose1d}. */
export interface ConvTranspose1dOptions extends TransposedOptions, ConvolutionParameterOptions {}

/**
 * 1-d transposed convolution of [N, inChannels, L] or [inChannels, L] to [N, outChannels, L'].
 * - `weight` [inChannels, outChannels / groups, k] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(outChannels / groups · k).
 * - L' = (L - 1) · stride - 2 · padding + dilation · (k - 1) + outputPadding + 1.
 *
 * Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1, with bias.
 * Differs from PyTorch: `forward` takes no output size; `outputPadding` says it.
 * @throws {ArgumentError} if channels are not multiples of groups.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
 *
 * @example
 * ```ts
 * import { ConvTranspose1d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new ConvTranspose1d(4, 2, 2, { stride: 2 }).forward(ones([1, 4, 5])).shape); // [1, 2, 10]
 * ```
 */
export class ConvTranspose1d extends TransposedConvolution<Size1d, Padding1d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size1d, options: ConvTranspose1dOptions = {}) {
    super("ConvTranspose1d", inChannels, outChannels, [single(kernelSize)], options);
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, outputPadding, groups, dilation } = this;
    return convTranspose1d(x, weight, bias, { stride, padding, outputPadding, groups, dilation });
  }
}
