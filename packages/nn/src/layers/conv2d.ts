import {
  type Conv2dOptions as ConvolutionOptions,
  conv2d,
  namedPadding,
  type Padding2d,
  type PaddingMode,
  pair,
  type Size2d,
  type Tensor,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import {
  type ConvolutionPaddingMode,
  type ConvolutionParameterOptions,
  checkGroups,
  checkPaddingMode,
  convolutionParameters,
  padLast,
} from "./convolutionParameters.ts";

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
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size2d;
  readonly padding: Padding2d | PaddingMode;
  readonly dilation: Size2d;
  readonly groups: number;
  readonly paddingMode: ConvolutionPaddingMode;
  readonly #sides: readonly [top: number, left: number, bottom: number, right: number];

  constructor(inChannels: number, outChannels: number, kernelSize: Size2d, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = options;
    checkGroups("Conv2d", inChannels, outChannels, groups);
    checkPaddingMode("Conv2d", paddingMode);
    const kernel = pair(kernelSize);
    const shape = [outChannels, inChannels / groups, ...kernel];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters("Conv2d", shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.paddingMode = paddingMode;
    const steps = { kernelSize: kernel, stride: pair(stride), dilation: pair(dilation) };
    this.#sides = namedPadding("Conv2d", padding, steps);
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return conv2d(x, weight, bias, { stride, padding: this.#sides, dilation, groups });
    const [top, left, bottom, right] = this.#sides;
    const padded = padLast(
      x,
      [
        [top, bottom],
        [left, right],
      ],
      paddingMode,
    );
    return conv2d(padded, weight, bias, { stride, dilation, groups });
  }
}
