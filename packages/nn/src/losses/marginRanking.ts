import { add, mul, neg, relu, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link marginRankingLoss} and {@link MarginRankingLoss}. */
export interface MarginRankingLossOptions extends LossOptions {
  /** How much larger the first of a pair is to be. Default 0. */
  readonly margin?: number;
}

/**
 * max(0, -y · (x1 - x2) + margin), by default averaged: x1 is to be the larger where the target y is 1, x2 where it is -1.
 * All three have one shape.
 * @throws {ShapeError} unless they have.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html
 *
 * @example
 * ```ts
 * import { marginRankingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(marginRankingLoss(tensor([3, 1]), tensor([1, 3]), tensor([1, 1])).item()); // 1
 * ```
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginRankingLossOptions = {},
): Tensor {
  const { margin = 0, reduction } = options;
  for (const x of [input2, target]) checkSameShape("marginRankingLoss", input1, x);
  const losses = relu(add(mul(neg(target), sub(input1, input2)), margin));
  return reduce("marginRankingLoss", losses, reduction);
}

/**
 * {@link marginRankingLoss} as a module.
 *
 * @example
 * ```ts
 * import { MarginRankingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MarginRankingLoss({ margin: 1 }).forward(tensor([3, 1]), tensor([1, 3]), tensor([1, 1])).item()); // 1.5
 * ```
 */
export class MarginRankingLoss extends Module<readonly [input1: Tensor, input2: Tensor, target: Tensor]> {
  readonly options: MarginRankingLossOptions;

  constructor(options: MarginRankingLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, this.options);
  }
}
