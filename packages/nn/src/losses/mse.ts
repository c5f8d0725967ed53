import { mul, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/**
 * Mean squared error: (input - target)², by default averaged over all elements.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSameShape("mseLoss", input, target);
  const difference = sub(input, target);
  return reduce("mseLoss", mul(difference, difference), options.reduction);
}

/** {@link mseLoss} as a module. */
export class MSELoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}
