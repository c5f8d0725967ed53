import {
  type Conv3dOptions as ConvolutionOptions,
  conv3d,
  namedPadding,
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
export class Conv3d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size3d;
  readonly padding: Padding3d | PaddingMode;
  readonly dilation: Size3d;
  readonly groups: number;
  readonly paddingMode: ConvolutionPaddingMode;
  readonly #around: readonly (readonly [before: number, after: number])[];

  constructor(inChannels: number, outChannels: number, kernelSize: Size3d, options: Conv3dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = options;
    checkGroups("Conv3d", inChannels, outChannels, groups);
    checkPaddingMode("Conv3d", paddingMode);
    const kernel = triple(kernelSize);
    const shape = [outChannels, inChannels / groups, ...kernel];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters("Conv3d", shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#around = around(padding, kernel, triple(stride), triple(dilation));
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return conv3d(x, weight, bias, { stride, padding, dilation, groups });
    return conv3d(padLast(x, this.#around, paddingMode), weight, bias, { stride, dilation, groups });
  }
}

/** How much padding there is before and after each axis. */
function around(
  padding: Padding3d | PaddingMode,
  ...geometry: readonly [kernel: Sides, stride: Sides, dilation: Sides]
): readonly (readonly [before: number, after: number])[] {
  return ([0, 1, 2] as const).map((axis) => {
    if (typeof padding !== "string") {
      const sides = volumeSides(padding);
      return [sides[axis], sides[(axis + 3) as 3 | 4 | 5]];
    }
    const [kernelSize, stride, dilation] = geometry.map((sizes) => [sizes[axis], 1] as const) as [Pair, Pair, Pair];
    const [before, , after] = namedPadding("Conv3d", padding, { kernelSize, stride, dilation });
    return [before, after];
  });
}

type Sides = readonly [number, number, number];
type Pair = readonly [number, number];
