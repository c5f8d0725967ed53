import type { Tensor } from "@graftjs/tensor";
import { BatchNorm, checkChannels } from "./batchNorm.ts";

/**
 * Batch normalisation of [N, C, H, W]: y = (x - mean) / √(variance + eps) · weight + bias, per channel.
 * - In training mode mean and (biased) variance are the batch's. The running ones take them up:
 *   running = (1 - momentum) · running + momentum · batch, for the variance with the unbiased estimate.
 * - In evaluation mode, and while frozen, they are the running ones, which do not change.
 * - `weight` [C] is at first 1, `bias` [C] 0, `running_mean` [C] 0, `running_var` [C] 1.
 *
 * Differs from PyTorch: `num_batches_tracked` is kept only where `momentum` is `null`, which needs it.
 * @throws {ShapeError} unless x is [N, C, H, W], and, in training mode, has more than one value a channel.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167;
 * https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 *
 * @example
 * ```ts
 * import { BatchNorm2d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new BatchNorm2d(8);
 * console.log(layer.forward(ones([4, 8, 5, 5])).shape, Object.keys(layer.stateDict()).length); // [4, 8, 5, 5] 4
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  override forward(x: Tensor): Tensor {
    checkChannels("BatchNorm2d", x, "[N, C, H, W]", [4], this.channels);
    return super.forward(x);
  }
}
