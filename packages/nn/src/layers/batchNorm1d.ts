import type { Tensor } from "@graftjs/tensor";
import { BatchNorm, checkChannels } from "./batchNorm.ts";

/**
 * Batch normalisation of [N, C] or [N, C, L]: y = (x - mean) / √(variance + eps) · weight + bias, per channel.
 * - In training mode mean and (biased) variance are the batch's. The running ones take them up:
 *   running = (1 - momentum) · running + momentum · batch, for the variance with the unbiased estimate.
 * - In evaluation mode, and while frozen, they are the running ones, which do not change.
 * - `weight` [C] is at first 1, `bias` [C] 0, `running_mean` [C] 0, `running_var` [C] 1.
 *
 * Differs from PyTorch: `num_batches_tracked` is kept only where `momentum` is `null`, which needs it.
 * @throws {ShapeError} unless x is [N, C] or [N, C, L], and, in training mode, has more than one value a channel.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167;
 * https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 *
 * @example
 * ```ts
 * import { BatchNorm1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const layer = new BatchNorm1d(2);
 * console.log(layer.forward(tensor([[1, 10], [3, 30]])).toNested()); // [[-1.0000, -1.0000], [1.0000, 1.0000]]
 * console.log(layer.runningMean?.toNested()); // [0.2, 2]
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  override forward(x: Tensor): Tensor {
    checkChannels("BatchNorm1d", x, "[N, C] or [N, C, L]", [2, 3], this.channels);
    return super.forward(x);
  }
}
