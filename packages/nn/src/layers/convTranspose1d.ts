import {
  convTranspose1d,
  type Padding1d,
  type Size1d,
  single,
  type Tensor,
  type ConvTranspose1dOptions as TransposedOptions,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type ConvolutionParameterOptions, checkGroups, convolutionParameters } from "./convolutionParameters.ts";

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
export class ConvTranspose1d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size1d;
  readonly padding: Padding1d;
  readonly outputPadding: Size1d;
  readonly groups: number;
  readonly dilation: Size1d;

  constructor(inChannels: number, outChannels: number, kernelSize: Size1d, options: ConvTranspose1dOptions = {}) {
    super();
    const { stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = options;
    checkGroups("ConvTranspose1d", inChannels, outChannels, groups);
    const shape = [inChannels, outChannels / groups, single(kernelSize)];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters("ConvTranspose1d", shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.outputPadding = outputPadding;
    this.groups = groups;
    this.dilation = dilation;
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, outputPadding, groups, dilation } = this;
    return convTranspose1d(x, weight, bias, { stride, padding, outputPadding, groups, dilation });
  }
}
