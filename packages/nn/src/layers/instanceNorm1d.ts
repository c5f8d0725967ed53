import { InstanceNorm } from "./instanceNorm.ts";

/**
 * Instance normalisation of [N, C, L] or [C, L]: y = (x - mean) / √(variance + eps) · weight + bias, with mean and
 * biased variance of each channel of each sample. Weight and bias are there only if `affine`: [C], at first 1 and 0.
 * With `trackRunningStats`, the means of these statistics over the batch, the variances unbiased, are taken up in training
 * mode by `running_mean` and `running_var` [C], at first 0 and 1, which are used in evaluation mode and while frozen.
 * @throws {ShapeError} unless x is that, with more than one value a channel and sample where its own statistics are used.
 * Source: Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022;
 * https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html
 *
 * @example
 * ```ts
 * import { InstanceNorm1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[[1, 3], [10, 30]]]);
 * console.log(new InstanceNorm1d(2).forward(x).toNested()); // [[[-1.0000, 1.0000], [-1.0000, 1.0000]]]
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  protected override readonly layouts = ["[N, C, L]", "[C, L]"] as const;
}
