import { equal, relu, sub, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link hingeEmbeddingLoss} and {@link HingeEmbeddingLoss}. */
export interface HingeEmbeddingLossOptions extends LossOptions {
  /** Inputs of negative pairs cost as far as they are below it. Default 1. */
  readonly margin?: number;
}

/**
 * x where the target is 1, max(0, margin - x) where it is -1; by default averaged. `input` x, for instance a distance, and
 * `target` of 1 and -1 have one shape.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html
 *
 * @example
 * ```ts
 * import { hingeEmbeddingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(hingeEmbeddingLoss(tensor([0.3, 0.4]), tensor([1, -1])).item()); // 0.45
 * ```
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: HingeEmbeddingLossOptions = {}): Tensor {
  const { margin = 1, reduction } = options;
  checkSameShape("hingeEmbeddingLoss", input, target);
  const losses = where(equal(target, 1), input, relu(sub(margin, input)));
  return reduce("hingeEmbeddingLoss", losses, reduction);
}

/**
 * {@link hingeEmbeddingLoss} as a module.
 *
 * @example
 * ```ts
 * import { HingeEmbeddingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new HingeEmbeddingLoss({ margin: 2 }).forward(tensor([0.3, 0.4]), tensor([1, -1])).item()); // 0.95
 * ```
 */
export class HingeEmbeddingLoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: HingeEmbeddingLossOptions;

  constructor(options: HingeEmbeddingLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, this.options);
  }
}
