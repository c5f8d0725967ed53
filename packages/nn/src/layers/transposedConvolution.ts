import type { Shape } from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type ConvolutionParameterOptions, checkGroups, convolutionParameters } from "./convolutionParameters.ts";

/** How a transposed convolution moves; sizes and padding are those of its number of axes. */
interface Geometry<Size, Padding> extends ConvolutionParameterOptions {
  readonly stride?: Size;
  readonly padding?: Padding;
  readonly outputPadding?: Size;
  readonly groups?: number;
  readonly dilation?: Size;
}

/**
 * What transposed convolutions of any number of axes hold: `weight` [inChannels, outChannels / groups, ...kernel] and `bias`
 * [outChannels], and how they move.
 * @throws {ArgumentError} if channels are not multiples of groups, or the kernel is empty.
 */
export abstract class TransposedConvolution<Size, Padding> extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size | 1;
  readonly padding: Padding | 0;
  readonly outputPadding: Size | 0;
  readonly groups: number;
  readonly dilation: Size | 1;

  constructor(op: string, inChannels: number, outChannels: number, kernel: Shape, options: Geometry<Size, Padding>) {
    super();
    const { stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = options;
    checkGroups(op, inChannels, outChannels, groups);
    const shape = [inChannels, outChannels / groups, ...kernel];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters(op, shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.outputPadding = outputPadding;
    this.groups = groups;
    this.dilation = dilation;
  }
}
