import { ShapeError } from "../errors.ts";
import { formatShape, numel } from "../shape.ts";
import { ones, type Tensor, zeros } from "../tensor.ts";
import { batchNorm } from "./batchNorm.ts";
import { checkSameDType, floats } from "./define.ts";
import { expand } from "./expand.ts";
import type { GroupNormOptions } from "./groupNorm.ts";
import { reshape } from "./reshape.ts";

/**
 * y = (x - mean) / √(variance + eps) · weight + bias, with mean and biased variance over the plane of each channel of each
 * sample of [N, C, ...]; weight and bias are per channel.
 * @returns y, and the mean and biased variance [N, C], through which no gradient flows.
 * @throws {ShapeError} unless x is [N, C, ...] with more than one value a plane, and weight and bias [C].
 * @throws {DTypeError} if not float.
 * Source: Ulyanov et al. 2016, https://arxiv.org/abs/1607.08022;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html
 *
 * @example
 * ```ts
 * import { instanceNorm, tensor } from "@graftjs/tensor";
 *
 * console.log(instanceNorm(tensor([[[1, 3], [10, 30]]])).y.toNested()); // [[[-1.0000, 1.0000], [-1.0000, 1.0000]]]
 * ```
 */
export function instanceNorm(x: Tensor, options: GroupNormOptions = {}): { y: Tensor; mean: Tensor; variance: Tensor } {
  checkSameDType("instanceNorm", floats, x.dtype);
  const [batch = 0, channels = 0] = x.shape;
  const { weight = null, bias = null, eps = 1e-5 } = options;
  const plane = numel(x.shape.slice(2));
  if (x.rank < 3 || plane === 1 || [weight, bias].some((t) => t && (t.rank !== 1 || t.size !== channels))) {
    throw new ShapeError({
      op: "instanceNorm",
      expected: "[N, C, ...] with more than one value a plane, and weight and bias [C]",
      got: [x, weight, bias].flatMap((t) => (t ? [formatShape(t.shape)] : [])).join(", "),
    });
  }
  const { dtype } = x;
  if (x.size === 0) {
    const none = zeros([batch, channels], { dtype });
    return { y: x, mean: none, variance: none };
  }
  const rows = batch * channels;
  const repeated = (t: Tensor): Tensor => reshape(expand(t, [batch, channels]), [rows]);
  const { y, mean, variance } = batchNorm(
    reshape(x, [1, rows, plane]),
    weight ? repeated(weight) : ones([rows], { dtype }),
    bias ? repeated(bias) : zeros([rows], { dtype }),
    eps,
  );
  return {
    y: reshape(y, x.shape),
    mean: reshape(mean, [batch, channels]),
    variance: reshape(variance, [batch, channels]),
  };
}
