import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { ones, type Tensor, zeros } from "../tensor.ts";
import { batchNorm } from "./batchNorm.ts";
import { channelAffine } from "./channelAffine.ts";
import { checkSameDType, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/** Options of {@link groupNorm}. */
export interface GroupNormOptions {
  /** Scale [C]. Default none. */
  readonly weight?: Tensor | null;
  /** Shift [C]. Default none. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}

/**
 * y = (x - mean) / √(variance + eps) · weight + bias, with mean and biased variance over each of `groups` groups of
 * channels of each sample of [N, C, ...]; weight and bias are per channel.
 * @throws {ShapeError} unless x is [N, C, ...] with C divisible by groups, and more than one value for each group.
 * @throws {ArgumentError} unless groups is an integer >= 1. @throws {DTypeError} if not float.
 * Source: Wu & He 2018, https://arxiv.org/abs/1803.08494;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
 *
 * @example
 * ```ts
 * import { groupNorm, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[[1], [3], [10], [30]]]); // one sample of four channels
 * console.log(groupNorm(x, 2).toNested()); // [[[-1.0000], [1.0000], [-1.0000], [1.0000]]]
 * ```
 */
export function groupNorm(x: Tensor, groups: number, options: GroupNormOptions = {}): Tensor {
  checkSameDType("groupNorm", floats, x.dtype);
  if (!Number.isInteger(groups) || groups < 1) {
    throw new ArgumentError({ op: "groupNorm", expected: "groups that are an integer >= 1", got: String(groups) });
  }
  const [batch = 0, channels = 0] = x.shape;
  if (x.rank < 2 || channels % groups !== 0 || x.size === groups) {
    throw new ShapeError({
      op: "groupNorm",
      expected: `[N, C, ...] with C divisible by ${groups}, and more than one value for each group`,
      got: formatShape(x.shape),
    });
  }
  const { weight = null, bias = null, eps = 1e-5 } = options;
  return channelAffine("groupNorm", normalizedRows(x, batch * groups, eps), weight, bias);
}

/** `x` as so many rows of equal length, each less its mean and over its deviation. */
function normalizedRows(x: Tensor, rows: number, eps: number): Tensor {
  if (x.size === 0) return x;
  // One value is its own mean; of NaN and infinities NaN remains.
  if (x.size === rows) return mul(x, 0);
  const { dtype } = x;
  const asChannels = reshape(x, [1, rows, x.size / rows]);
  return reshape(batchNorm(asChannels, ones([rows], { dtype }), zeros([rows], { dtype }), eps).y, x.shape);
}
