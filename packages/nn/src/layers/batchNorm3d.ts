import type { Tensor } from "@graftjs/tensor";
import { BatchNorm, checkChannels } from "./batchNorm.ts";

/**
 * Batch normalisation of [N, C, D, H, W]: y = (x - mean) / √(variance + eps) · weight + bias, per channel; in all else as
 * `BatchNorm2d`.
 * @throws {ShapeError} unless x is [N, C, D, H, W], and, in training mode, has more than one value a channel.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167;
 * https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html
 *
 * @example
 * ```ts
 * import { BatchNorm3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new BatchNorm3d(2).forward(ones([4, 2, 3, 5, 5])).shape); // [4, 2, 3, 5, 5]
 * ```
 */
export class BatchNorm3d extends BatchNorm {
  override forward(x: Tensor): Tensor {
    checkChannels("BatchNorm3d", x, "[N, C, D, H, W]", [5], this.channels);
    return super.forward(x);
  }
}
