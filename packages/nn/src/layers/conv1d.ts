import {
  type Conv1dOptions as ConvolutionOptions,
  conv1d,
  namedPadding,
  type Padding1d,
  type PaddingMode,
  planarSides,
  type Size1d,
  single,
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
export class Conv1d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: number;
  readonly padding: Padding1d | PaddingMode;
  readonly dilation: number;
  readonly groups: number;
  readonly paddingMode: ConvolutionPaddingMode;
  readonly #sides: readonly [left: number, right: number];

  constructor(inChannels: number, outChannels: number, kernelSize: Size1d, options: Conv1dOptions = {}) {
    super();
    const { padding = 0, groups = 1, paddingMode = "zeros" } = options;
    checkGroups("Conv1d", inChannels, outChannels, groups);
    checkPaddingMode("Conv1d", paddingMode);
    const kernel = single(kernelSize);
    const shape = [outChannels, inChannels / groups, kernel];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters("Conv1d", shape, outChannels, options));
    this.stride = single(options.stride ?? 1);
    this.dilation = single(options.dilation ?? 1);
    this.padding = padding;
    this.groups = groups;
    this.paddingMode = paddingMode;
    const [, left, , right] = namedPadding("Conv1d", typeof padding === "string" ? padding : planarSides(padding), {
      kernelSize: [1, kernel],
      stride: [1, this.stride],
      dilation: [1, this.dilation],
    });
    this.#sides = [left, right];
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return conv1d(x, weight, bias, { stride, padding: this.#sides, dilation, groups });
    return conv1d(padLast(x, [this.#sides], paddingMode), weight, bias, { stride, dilation, groups });
  }
}
