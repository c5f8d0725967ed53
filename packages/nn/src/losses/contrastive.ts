import { add, equalShapes, formatShape, mul, relu, ShapeError, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { pairwiseDistance } from "./distance.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link contrastiveLoss} and {@link ContrastiveLoss}. */
export interface ContrastiveLossOptions extends LossOptions {
  /** Distance from which on pairs that do not belong together cost nothing. Default 1. */
  readonly margin?: number;
}

/**
 * t · d² / 2 + (1 - t) · max(0, margin - d)² / 2 for the distance d of two embeddings, by default averaged. `input1` and
 * `input2` [N, D] or [D]; `target` t [N] or [] is 1 for pairs that belong together, and 0 for others (the paper's Y is 1 - t).
 * @throws {ShapeError} unless they fit.
 * Source: Hadsell, Chopra & LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping",
 * http://yann.lecun.com/exdb/publis/pdf/hadsell-chopra-lecun-06.pdf
 *
 * @example
 * ```ts
 * import { contrastiveLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [left, right] = [tensor([[0, 0], [0, 0]]), tensor([[3, 4], [0.6, 0.8]])]; // distances 5 and 1
 * console.log(contrastiveLoss(left, right, tensor([1, 0]), { margin: 2 }).item()); // 6.5000
 * ```
 */
export function contrastiveLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: ContrastiveLossOptions = {},
): Tensor {
  const { margin = 1, reduction } = options;
  checkSameShape("contrastiveLoss", input1, input2);
  if (input1.rank === 0 || !equalShapes(target.shape, input1.shape.slice(0, -1))) {
    throw new ShapeError({
      op: "contrastiveLoss",
      expected: "inputs [N, D] with a target [N], or [D] with []",
      got: `${formatShape(input1.shape)} with ${formatShape(target.shape)}`,
    });
  }
  const distance = pairwiseDistance(input1, input2, { eps: 0 });
  const missing = relu(sub(margin, distance));
  const cost = add(mul(target, mul(distance, distance)), mul(sub(1, target), mul(missing, missing)));
  return reduce("contrastiveLoss", mul(cost, 0.5), reduction);
}

/**
 * {@link contrastiveLoss} as a module.
 *
 * @example
 * ```ts
 * import { ContrastiveLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [left, right] = [tensor([[0, 0]]), tensor([[3, 4]])];
 * console.log(new ContrastiveLoss().forward(left, right, tensor([1])).item()); // 12.5000
 * ```
 */
export class ContrastiveLoss extends Module<readonly [input1: Tensor, input2: Tensor, target: Tensor]> {
  readonly options: ContrastiveLossOptions;

  constructor(options: ContrastiveLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return contrastiveLoss(input1, input2, target, this.options);
  }
}
