import { mul, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { elu } from "./elu.ts";

/** What {@link selu} multiplies by, and α of its exponential: mean 0 and variance 1 are then a fixed point. */
const scale = 1.0507009873554805;
const alpha = 1.6732632423543772;

/**
 * y = λ · x where x > 0, λ · α · (e^x - 1) elsewhere, element-wise; λ ≈ 1.0507, α ≈ 1.6733. The gradient at 0 is λ · α.
 * @throws {DTypeError} if x is not float.
 * Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.selu.html
 *
 * @example
 * ```ts
 * import { selu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(selu(tensor([-1, 1])).toNested()); // [-1.1113, 1.0507]
 * ```
 */
export function selu(x: Tensor): Tensor {
  return mul(elu(x, alpha), scale);
}

/**
 * {@link selu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.SELU.html
 *
 * @example
 * ```ts
 * import { SELU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new SELU().forward(tensor([-1, 1])).toNested()); // [-1.1113, 1.0507]
 * ```
 */
export class SELU extends Module {
  forward(x: Tensor): Tensor {
    return selu(x);
  }
}
