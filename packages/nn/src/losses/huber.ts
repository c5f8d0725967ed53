import { ArgumentError, abs, minimum, mul, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link huberLoss} and {@link HuberLoss}. */
export interface HuberLossOptions extends LossOptions {
  /** Where the loss goes over from square to linear, > 0. Default 1. */
  readonly delta?: number;
}

/**
 * With d = |input - target|: d² / 2 where d < delta, delta · (d - delta / 2) elsewhere; by default averaged.
 * @throws {ShapeError} unless both have one shape. @throws {ArgumentError} unless delta > 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 *
 * @example
 * ```ts
 * import { huberLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(huberLoss(tensor([0, 0]), tensor([0.5, 3]), { reduction: "none" }).toNested()); // [0.125, 2.5]
 * ```
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta = 1, reduction } = options;
  checkSameShape("huberLoss", input, target);
  if (!(delta > 0)) throw new ArgumentError({ op: "huberLoss", expected: "delta > 0", got: String(delta) });
  const distance = abs(sub(input, target));
  // d² / 2 and delta · (d - delta / 2) in one, so that infinite distances have a gradient.
  const bounded = minimum(distance, delta);
  return reduce("huberLoss", mul(bounded, sub(distance, mul(bounded, 0.5))), reduction);
}

/**
 * {@link huberLoss} as a module.
 *
 * @example
 * ```ts
 * import { HuberLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new HuberLoss({ delta: 2 }).forward(tensor([0]), tensor([3])).item()); // 4
 * ```
 */
export class HuberLoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: HuberLossOptions;

  constructor(options: HuberLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.options);
  }
}
