import {
  ArgumentError,
  type Conv3dOptions as ConvolutionOptions,
  conv3d,
  type Padding3d,
  type PaddingMode,
  type Size3d,
  type Tensor,
  triple,
  volumeSides,
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
 * @throws {ArgumentError} if channels are not multiples of groups, or padding other than zeros is named.
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
export class Conv3d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size3d;
  readonly padding: Padding3d | PaddingMode;
  readonly dilation: Size3d;
  readonly groups: number;
  readonly paddingMode: ConvolutionPaddingMode;

  constructor(inChannels: number, outChannels: number, kernelSize: Size3d, options: Conv3dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = options;
    checkGroups("Conv3d", inChannels, outChannels, groups);
    checkPaddingMode("Conv3d", paddingMode);
    if (paddingMode !== "zeros" && typeof padding === "string") {
      const expected = `padding in numbers, for mode ${paddingMode}`;
      throw new ArgumentError({ op: "Conv3d", expected, got: JSON.stringify(padding) });
    }
    const shape = [outChannels, inChannels / groups, ...triple(kernelSize)];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters("Conv3d", shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.paddingMode = paddingMode;
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return conv3d(x, weight, bias, { stride, padding, dilation, groups });
    const [front, top, left, back, bottom, right] = volumeSides(padding as Padding3d);
    const around = [
      [front, back],
      [top, bottom],
      [left, right],
    ] as const;
    return conv3d(padLast(x, around, paddingMode), weight, bias, { stride, dilation, groups });
  }
}
