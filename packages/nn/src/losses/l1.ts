import { abs, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/**
 * Mean absolute error: |input - target|, by default averaged over all elements.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 *
 * @example
 * ```ts
 * import { l1Loss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(l1Loss(tensor([1, 2]), tensor([2, 4])).item()); // 1.5
 * ```
 */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSameShape("l1Loss", input, target);
  return reduce("l1Loss", abs(sub(input, target)), options.reduction);
}

/**
 * {@link l1Loss} as a module.
 *
 * @example
 * ```ts
 * import { L1Loss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new L1Loss({ reduction: "sum" }).forward(tensor([1, 2]), tensor([2, 4])).item()); // 3
 * ```
 */
export class L1Loss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.options);
  }
}
