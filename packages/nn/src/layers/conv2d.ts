import {
  ArgumentError,
  type Conv2dOptions as ConvolutionOptions,
  conv2d,
  type Generator,
  type Padding2d,
  pair,
  type Shape,
  type Size2d,
  type Tensor,
} from "@graftjs/tensor";
import { uniform } from "../init/distributions.ts";
import { fans } from "../init/fan.ts";
import { kaimingUniform } from "../init/kaiming.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

export interface Conv2dOptions extends ConvolutionOptions {
  /** Whether a bias is added. Default `true`. */
  readonly bias?: boolean;
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
  /** How the weight is made, given its shape. Default: Kaiming-uniform with a = √5, as in PyTorch. */
  readonly initialize?: (shape: Shape) => Tensor;
}

/**
 * 2-d convolution (cross-correlation) of [N, inChannels, H, W] to [N, outChannels, H', W'].
 * - `weight` [outChannels, inChannels / groups, kH, kW] and `bias` [outChannels], both at first drawn from U(-b, b),
 *   b = 1 / √(inChannels / groups · kH · kW).
 * - H' = ⌊(H + padding - dilation · (kH - 1) - 1) / stride⌋ + 1, and W' alike.
 *
 * Defaults: stride 1, padding 0, dilation 1, groups 1, with bias.
 * @throws {ArgumentError} if channels are not multiples of groups.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: Size2d;
  readonly padding: Padding2d;
  readonly dilation: Size2d;
  readonly groups: number;

  constructor(inChannels: number, outChannels: number, kernelSize: Size2d, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, generator } = options;
    if (!Number.isInteger(inChannels / groups) || !Number.isInteger(outChannels / groups)) {
      throw new ArgumentError({
        op: "Conv2d",
        expected: "numbers of channels that are multiples of groups",
        got: `${inChannels} to ${outChannels} channels in ${groups} groups`,
      });
    }
    const shape = [outChannels, inChannels / groups, ...pair(kernelSize)];
    const draw = generator ? { generator } : {};
    const bound = 1 / Math.sqrt(fans("Conv2d", shape).fanIn);
    const { initialize = (of) => kaimingUniform(of, { a: Math.sqrt(5), ...draw }) } = options;
    this.weight = new Parameter(initialize(shape));
    this.bias = bias ? new Parameter(uniform([outChannels], { low: -bound, high: bound, ...draw })) : null;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups } = this;
    return conv2d(x, this.weight, this.bias, { stride, padding, dilation, groups });
  }
}
