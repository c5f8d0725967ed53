import { abs, add, exp, log1p, maximum, mul, neg, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/**
 * ln(1 + e^(-y · x)), by default averaged, without overflow (PyTorch: infinite for large ones). `input` x and `target` y of
 * 1 and -1 have one shape.
 * @throws {ShapeError} unless both have one shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html
 *
 * @example
 * ```ts
 * import { softMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(softMarginLoss(tensor([0, 2]), tensor([1, -1]), { reduction: "none" }).toNested()); // [0.6931, 2.1269]
 * ```
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkSameShape("softMarginLoss", input, target);
  return reduce("softMarginLoss", logOnePlusExp(neg(mul(target, input))), options.reduction);
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), without overflow; `maximum` has the slope 1/2 at 0, as it should. */
export function logOnePlusExp(x: Tensor): Tensor {
  return add(maximum(x, 0), log1p(exp(neg(abs(x)))));
}

/**
 * {@link softMarginLoss} as a module.
 *
 * @example
 * ```ts
 * import { SoftMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new SoftMarginLoss().forward(tensor([0]), tensor([1])).item()); // 0.6931
 * ```
 */
export class SoftMarginLoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, this.options);
  }
}
