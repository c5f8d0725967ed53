import { add, mul, pow, sigmoid, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { binaryCrossEntropyWithLogits } from "./binaryCrossEntropyWithLogits.ts";
import { type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link sigmoidFocalLoss} and {@link SigmoidFocalLoss}. */
export interface SigmoidFocalLossOptions extends LossOptions {
  /** Share of the positive class, in [0, 1]; `null` for equal ones. Default 0.25. */
  readonly alpha?: number | null;
  /** How much less certain elements count: with 0, it is binary cross-entropy. Default 2. */
  readonly gamma?: number;
}

/**
 * Binary cross-entropy of logits times (1 - p)^gamma, p being the probability of what is the case, and times alpha for
 * positive, 1 - alpha for negative elements. `logits` and `target` in [0, 1] have one shape. By default averaged
 * (torchvision: not reduced).
 * @throws {ShapeError} unless both have one shape.
 * Source: Lin et al. 2017, https://arxiv.org/abs/1708.02002;
 * https://pytorch.org/vision/stable/generated/torchvision.ops.sigmoid_focal_loss.html
 *
 * @example
 * ```ts
 * import { sigmoidFocalLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(sigmoidFocalLoss(tensor([0]), tensor([1])).item()); // 0.0433
 * ```
 */
export function sigmoidFocalLoss(logits: Tensor, target: Tensor, options: SigmoidFocalLossOptions = {}): Tensor {
  const { alpha = 0.25, gamma = 2, reduction } = options;
  const costs = binaryCrossEntropyWithLogits(logits, target, { reduction: "none" });
  const p = sigmoid(logits);
  const wrong = sub(add(p, target), mul(mul(p, target), 2));
  const losses = mul(costs, pow(wrong, gamma));
  const share = alpha === null ? undefined : add(mul(target, 2 * alpha - 1), 1 - alpha);
  return reduce("sigmoidFocalLoss", share ? mul(share, losses) : losses, reduction);
}

/**
 * {@link sigmoidFocalLoss} as a module.
 *
 * @example
 * ```ts
 * import { SigmoidFocalLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new SigmoidFocalLoss().forward(tensor([0]), tensor([1])).item()); // 0.0433
 * ```
 */
export class SigmoidFocalLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: SigmoidFocalLossOptions;

  constructor(options: SigmoidFocalLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return sigmoidFocalLoss(logits, target, this.options);
  }
}
