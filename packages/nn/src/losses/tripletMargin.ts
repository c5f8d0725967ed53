import { add, minimum, relu, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { pairwiseDistance } from "./distance.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link tripletMarginLoss} and {@link TripletMarginLoss}. */
export interface TripletMarginLossOptions extends LossOptions {
  /** How much farther the negative is to be than the positive. Default 1. */
  readonly margin?: number;
  /** p of the distance's norm. Default 2. */
  readonly p?: number;
  /** Added to each difference. Default 1e-6. */
  readonly eps?: number;
  /** Whether the negative's distance to the positive counts where it is less than that to the anchor. Default `false`. */
  readonly swap?: boolean;
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for distances d of {@link pairwiseDistance}, by default
 * averaged. All three are [N, D] or [D].
 * @throws {ShapeError} unless they have one shape.
 * Source: Balntas et al. 2016 (swap), https://bmva-archive.org.uk/bmvc/2016/papers/paper119/index.html;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html
 *
 * @example
 * ```ts
 * import { tripletMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]])];
 * console.log(tripletMarginLoss(anchor, positive, negative).item()); // 0.5
 * ```
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  const { margin = 1, swap = false, reduction, ...rest } = options;
  for (const x of [positive, negative]) checkSameShape("tripletMarginLoss", anchor, x);
  const near = pairwiseDistance(anchor, positive, rest);
  const far = pairwiseDistance(anchor, negative, rest);
  const farthest = swap ? minimum(far, pairwiseDistance(positive, negative, rest)) : far;
  return reduce("tripletMarginLoss", relu(add(sub(near, farthest), margin)), reduction);
}

/**
 * {@link tripletMarginLoss} as a module.
 *
 * @example
 * ```ts
 * import { TripletMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]])];
 * console.log(new TripletMarginLoss({ margin: 2 }).forward(anchor, positive, negative).item()); // 1.5
 * ```
 */
export class TripletMarginLoss extends Module<readonly [anchor: Tensor, positive: Tensor, negative: Tensor]> {
  readonly options: TripletMarginLossOptions;

  constructor(options: TripletMarginLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginLoss(anchor, positive, negative, this.options);
  }
}
