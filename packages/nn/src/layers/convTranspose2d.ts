import {
  convTranspose2d,
  type Padding2d,
  pair,
  type Size2d,
  type Tensor,
  type ConvTranspose2dOptions as TransposedOptions,
} from "@graftjs/tensor";
import type { ConvolutionParameterOptions } from "./convolutionParameters.ts";
import { TransposedConvolution } from "./transposedConvolution.ts";

/** Options of {@link ConvTranspose2d}. */
export interface ConvTranspose2dOptions extends TransposedOptions, ConvolutionParameterOptions {}

/**
 * 2-d transposed convolution of [N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H', W'].
 * - `weight` [inChannels, outChannels / groups, kH, kW] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(outChannels / groups · kH · kW).
 * - H' = (H - 1) · stride - 2 · padding + dilation · (kH - 1) + outputPadding + 1, and W' alike.
 *
 * Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1, with bias.
 * Differs from PyTorch: `forward` takes no output size; `outputPadding` says it.
 * @throws {ArgumentError} if channels are not multiples of groups.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 *
 * @example
 * ```ts
 * import { ConvTranspose2d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new ConvTranspose2d(8, 3, 3, { stride: 2, padding: 1, outputPadding: 1 });
 * console.log(layer.forward(ones([1, 8, 16, 16])).shape); // [1, 3, 32, 32]
 * ```
 */
export class ConvTranspose2d extends TransposedConvolution<Size2d, Padding2d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size2d, options: ConvTranspose2dOptions = {}) {
    super("ConvTranspose2d", inChannels, outChannels, pair(kernelSize), options);
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, outputPadding, groups, dilation } = this;
    return convTranspose2d(x, weight, bias, { stride, padding, outputPadding, groups, dilation });
  }
}
