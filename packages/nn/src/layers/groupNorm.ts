import { ArgumentError, groupNorm, ones, type Tensor, zeros } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link GroupNorm}. */
export interface GroupNormLayerOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether weight and bias are learned. Default `true`. */
  readonly affine?: boolean;
}

/**
 * y = (x - mean) / √(variance + eps) · weight + bias, with mean and biased variance over each group of channels of each
 * sample of [N, C, ...]. `weight` [C] is at first 1, `bias` [C] 0.
 * @throws {ArgumentError} if the channels are no multiple of the groups. @throws {ShapeError} if x has other channels.
 * Source: Wu & He 2018, https://arxiv.org/abs/1803.08494; https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 *
 * @example
 * ```ts
 * import { GroupNorm } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[[1], [3], [10], [30]]]);
 * console.log(new GroupNorm(2, 4).forward(x).toNested()); // [[[-1.0000], [1.0000], [-1.0000], [1.0000]]]
 * ```
 */
export class GroupNorm extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly numGroups: number;
  readonly eps: number;

  constructor(numGroups: number, channels: number, options: GroupNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, affine = true } = options;
    if (!Number.isInteger(channels / numGroups)) {
      throw new ArgumentError({
        op: "GroupNorm",
        expected: "a number of channels that is a multiple of the groups",
        got: `${channels} channels in ${numGroups} groups`,
      });
    }
    this.weight = affine ? new Parameter(ones([channels])) : null;
    this.bias = affine ? new Parameter(zeros([channels])) : null;
    this.numGroups = numGroups;
    this.eps = eps;
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return groupNorm(x, this.numGroups, { weight, bias, eps });
  }
}
