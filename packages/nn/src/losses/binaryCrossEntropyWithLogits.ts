import { add, mul, neg, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { BCELossOptions } from "./binaryCrossEntropy.ts";
import { checkSameShape, reduce } from "./reduction.ts";
import { logOnePlusExp } from "./softMargin.ts";

/** Options of {@link binaryCrossEntropyWithLogits} and {@link BCEWithLogitsLoss}. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** Factors of the positive part, which broadcast with the losses: > 1 favours recall. */
  readonly posWeight?: Tensor;
}

/**
 * -(posWeight · target · ln σ(x) + (1 - target) · ln(1 - σ(x))), by default averaged over all elements, without overflow.
 * `logits` x and `target` in [0, 1] have one shape.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 *
 * @example
 * ```ts
 * import { binaryCrossEntropyWithLogits } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [logits, target] = [tensor([0, 2]), tensor([0, 1])];
 * console.log(binaryCrossEntropyWithLogits(logits, target).item()); // 0.41
 * console.log(binaryCrossEntropyWithLogits(logits, target, { posWeight: tensor(3) }).item()); // 0.537
 * ```
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  target: Tensor,
  options: BCEWithLogitsLossOptions = {},
): Tensor {
  checkSameShape("binaryCrossEntropyWithLogits", logits, target);
  const { weight, posWeight, reduction } = options;
  // What a positive element costs.
  const cost = logOnePlusExp(neg(logits));
  const share = posWeight ? add(mul(sub(posWeight, 1), target), 1) : undefined;
  const losses = add(mul(sub(1, target), logits), share ? mul(share, cost) : cost);
  return reduce("binaryCrossEntropyWithLogits", weight ? mul(losses, weight) : losses, reduction);
}

/**
 * {@link binaryCrossEntropyWithLogits} as a module.
 *
 * @example
 * ```ts
 * import { BCEWithLogitsLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new BCEWithLogitsLoss({ posWeight: tensor(3) }).forward(tensor([0, 2]), tensor([0, 1])).item()); // 0.537
 * ```
 */
export class BCEWithLogitsLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: BCEWithLogitsLossOptions;

  constructor(options: BCEWithLogitsLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(logits, target, this.options);
  }
}
