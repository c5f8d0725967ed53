import { namedPadding, type PaddingMode, type Shape, type Tensor } from "@graftjs/tensor";
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

/** How a convolution moves; sizes and padding are those of its number of axes. */
interface Geometry<Size, Padding> extends ConvolutionParameterOptions {
  readonly stride?: Size;
  readonly padding?: Padding | PaddingMode;
  readonly dilation?: Size;
  readonly groups?: number;
  readonly paddingMode?: ConvolutionPaddingMode;
}

/** Sizes along each axis, and padding before all axes, then after them. */
interface Axes<Size, Padding> {
  readonly each: (size: Size | 1) => readonly number[];
  readonly sides: (padding: Padding | 0) => readonly number[];
}

/**
 * What convolutions of any number of axes hold: `weight` [outChannels, inChannels / groups, ...kernel] and `bias`
 * [outChannels], and how they move.
 * @throws {ArgumentError} if channels are not multiples of groups, the kernel is empty, a padding mode is none of these, or
 * padding is named otherwise than `"valid"` or, with stride 1, `"same"`.
 */
export abstract class Convolution<Size, Padding> extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size | 1;
  readonly padding: Padding | PaddingMode | 0;
  readonly dilation: Size | 1;
  readonly groups: number;
  readonly paddingMode: ConvolutionPaddingMode;
  /** Padding in numbers: before all axes, then after them. */
  readonly #sides: readonly number[];

  constructor(
    op: string,
    inChannels: number,
    outChannels: number,
    kernel: Shape,
    options: Geometry<Size, Padding>,
    { each, sides }: Axes<Size, Padding>,
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros" } = options;
    checkGroups(op, inChannels, outChannels, groups);
    checkPaddingMode(op, paddingMode);
    const shape = [outChannels, inChannels / groups, ...kernel];
    ({ weight: this.weight, bias: this.bias } = convolutionParameters(op, shape, outChannels, options));
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#sides =
      typeof padding === "string"
        ? namedSides(op, padding as PaddingMode, kernel, each(stride), each(dilation))
        : sides(padding as Padding | 0);
  }

  /** The convolution of what is padded otherwise than by zeros, or with so many of them. */
  protected abstract convolve(x: Tensor, zeros: Padding | 0): Tensor;

  forward(x: Tensor): Tensor {
    const sides = this.#sides;
    if (this.paddingMode === "zeros") return this.convolve(x, sides as Padding);
    const axes = sides.length / 2;
    const around = sides.slice(0, axes).map((before, axis) => [before, sides[axis + axes] as number] as const);
    return this.convolve(padLast(x, around, this.paddingMode), 0);
  }
}

/** The numbers that a name stands for, along each axis by itself. */
function namedSides(
  op: string,
  padding: PaddingMode,
  kernel: Shape,
  stride: readonly number[],
  dilation: readonly number[],
): number[] {
  const around = kernel.map((kernelSize, axis) => {
    const [before, , after] = namedPadding(op, padding, {
      kernelSize: [kernelSize, 1],
      stride: [stride[axis] as number, 1],
      dilation: [dilation[axis] as number, 1],
    });
    return [before, after] as const;
  });
  return [...around.map(([before]) => before), ...around.map(([, after]) => after)];
}
