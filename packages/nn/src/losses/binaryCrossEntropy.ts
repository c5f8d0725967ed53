import { add, greater, log, maximum, mul, neg, sub, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

export interface BCELossOptions extends LossOptions {
  /** Factors that broadcast with the losses. */
  readonly weight?: Tensor;
}

/** Below this, a probability counts as 0. */
const TINY = 1e-38;

/** ln x, but not less than -100; where it is cut off, the gradient is 0. */
function boundedLog(x: Tensor): Tensor {
  return where(greater(x, TINY), log(maximum(x, TINY)), -100);
}

/**
 * -(target · ln input + (1 - target) · ln(1 - input)), by default averaged over all elements; logarithms are not less
 * than -100. Input and target are probabilities in [0, 1] of one shape. {@link binaryCrossEntropyWithLogits} is more exact.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  checkSameShape("binaryCrossEntropy", input, target);
  const [yes, no] = [mul(target, boundedLog(input)), mul(sub(1, target), boundedLog(sub(1, input)))];
  const losses = neg(add(yes, no));
  const { weight, reduction } = options;
  return reduce("binaryCrossEntropy", weight ? mul(losses, weight) : losses, reduction);
}

/** {@link binaryCrossEntropy} as a module. */
export class BCELoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: BCELossOptions;

  constructor(options: BCELossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}
