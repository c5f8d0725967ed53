import {
  type Conv1dOptions as ConvolutionOptions,
  conv1d,
  type Padding1d,
  planarSides,
  type Size1d,
  single,
  type Tensor,
} from "@graftjs/tensor";
import { Convolution } from "./convolution.ts";
import type { ConvolutionPaddingMode, ConvolutionParameterOptions } from "./convolutionParameters.ts";

/** Options of {@link Conv1d}. */
export interface Conv1dOptions extends ConvolutionOptions, ConvolutionParameterOptions {
  /** What padding consists of. Default `"zeros"`. */
  readonly paddingMode?: ConvolutionPaddingMode;
}

/**
 * 1-d convolution (cross-correlation) of [N, inChannels, L] or [inChannels, L] to [N, outChannels, L'].
 * - `weight` [outChannels, inChannels / groups, k] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(inChannels / groups · k).
 * - L' = ⌊(L + padding - dilation · (k - 1) - 1) / stride⌋ + 1.
 *
 * Defaults: stride 1, padding 0 with zeros, dilation 1, groups 1, with bias.
 * @throws {ArgumentError} if channels are not multiples of groups, or padding is `"same"` with a stride.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 *
 * @example
 * ```ts
 * import { Conv1d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new Conv1d(4, 8, 3, { padding: "same" });
 * console.log(layer.forward(ones([2, 4, 10])).shape, layer.weight.shape); // [2, 8, 10] [8, 4, 3]
 * ```
 */
export class Conv1d extends Convolution<number, Padding1d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size1d, options: Conv1dOptions = {}) {
    const { stride = 1, dilation = 1 } = options;
    const geometry = { ...options, stride: single(stride), dilation: single(dilation) };
    super("Conv1d", inChannels, outChannels, [single(kernelSize)], geometry, {
      each: (size) => [size],
      sides: (padding) => {
        const [, left, , right] = planarSides(padding);
        return [left, right];
      },
    });
  }

  protected convolve(x: Tensor, padding: Padding1d): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    return conv1d(x, weight, bias, { stride, padding, dilation, groups });
  }
}
