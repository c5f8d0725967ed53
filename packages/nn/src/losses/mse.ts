import { mul, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/**
 * Mean squared error: (input - target)², by default averaged over all elements.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 *
 * @example
 * ```ts
 * import { mseLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(mseLoss(tensor([1, 2]), tensor([2, 4])).item()); // 2.5
 * console.log(mseLoss(tensor([1, 2]), tensor([2, 4]), { reduction: "none" }).toNested()); // [1, 4]
 * ```
 */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSameShape("mseLoss", input, target);
  const difference = sub(input, target);
  return reduce("mseLoss", mul(difference, difference), options.reduction);
}

/**
 * {@link mseLoss} as a module.
 *
 * @example
 * ```ts
 * import { MSELoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MSELoss({ reduction: "sum" }).forward(tensor([1, 2]), tensor([2, 4])).item()); // 5
 * ```
 */
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
