import { channelShuffle, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Channels of different groups become neighbours: channel g · (C / groups) + i of [N, C, ...] moves to i · groups + g.
 * @throws {ShapeError} if the channels are no multiple of groups.
 * Source: Zhang et al. 2018, https://arxiv.org/abs/1707.01083;
 * https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
 *
 * @example
 * ```ts
 * import { ChannelShuffle } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ChannelShuffle(2).forward(tensor([[[1], [2], [3], [4]]])).toNested()); // [[[1], [3], [2], [4]]]
 * ```
 */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(groups: number) {
    super();
    this.groups = groups;
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
}
