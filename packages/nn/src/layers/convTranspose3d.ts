import {
  convTranspose3d,
  type Padding3d,
  type Size3d,
  type Tensor,
  type ConvTranspose3dOptions as TransposedOptions,
  triple,
} from "@graftjs/tensor";
import type { ConvolutionParameterOptions } from "./convolutionParameters.ts";
import { TransposedConvolution } from "./transposedConvolution.ts";

/** Options of {@link ConvTranspose3d}. */
export interface ConvTranspose3dOptions extends TransposedOptions, ConvolutionParameterOptions {}

/**
 * 3-d transposed convolution of [N, inChannels, D, H, W] or [inChannels, D, H, W] to
 * [N, outChannels, D', H', W'].
 * - `weight` [inChannels, outChannels / groups, kD, kH, kW] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(outChannels / groups · kD · kH · kW).
 * - D' = (D - 1) · stride - 2 · padding + dilation · (kD - 1) + outputPadding + 1, and H' and W' alike.
 *
 * Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1, with bias.
 * Differs from PyTorch: `forward` takes no output size; `outputPadding` says it.
 * @throws {ArgumentError} if channels are not multiples of groups.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html
 *
 * @example
 * ```ts
 * import { ConvTranspose3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new ConvTranspose3d(4, 2, 2, { stride: 2 });
 * console.log(layer.forward(ones([1, 4, 3, 5, 5])).shape); // [1, 2, 6, 10, 10]
 * ```
 */
export class ConvTranspose3d extends TransposedConvolution<Size3d, Padding3d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size3d, options: ConvTranspose3dOptions = {}) {
    super("ConvTranspose3d", inChannels, outChannels, triple(kernelSize), options);
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, outputPadding, groups, dilation } = this;
    return convTranspose3d(x, weight, bias, { stride, padding, outputPadding, groups, dilation });
  }
}
