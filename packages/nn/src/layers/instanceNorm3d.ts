import { InstanceNorm } from "./instanceNorm.ts";

/**
 * Instance normalisation of [N, C, D, H, W] or [C, D, H, W]: y = (x - mean) / √(variance + eps) · weight + bias, with mean and
 * biased variance of each channel of each sample. Weight and bias are there only if `affine`: [C], at first 1 and 0.
 * With `trackRunningStats`, the means of these statistics over the batch, the variances unbiased, are taken up in training
 * mode by `running_mean` and `running_var` [C], at first 0 and 1, which are used in evaluation mode and while frozen.
 * @throws {ShapeError} unless x is that, with more than one value a channel and sample where its own statistics are used.
 * Source: Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022;
 * https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html
 *
 * @example
 * ```ts
 * import { InstanceNorm3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new InstanceNorm3d(3).forward(ones([2, 3, 4, 8, 8])).shape); // [2, 3, 4, 8, 8]
 * ```
 */
export class InstanceNorm3d extends InstanceNorm {
  protected override readonly layouts = ["[N, C, D, H, W]", "[C, D, H, W]"] as const;
}
