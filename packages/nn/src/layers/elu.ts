import { expm1, greater, mul, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x where x > 0, alpha · (e^x - 1) elsewhere, element-wise. The gradient at 0 is alpha.
 * @param alpha what -y tends to for x → -∞; default 1.
 * @throws {DTypeError} if x is not float.
 * Source: Clevert et al. 2015, https://arxiv.org/abs/1511.07289;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.elu.html
 *
 * @example
 * ```ts
 * import { elu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(elu(tensor([-1, 2])).toNested()); // [-0.6321, 2]
 * ```
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  const positive = greater(x, 0);
  // Where x is passed on, e^x is kept out of the gradient: 0 · ∞ would be NaN.
  return where(positive, x, mul(expm1(where(positive, 0, x)), alpha));
}

/**
 * {@link elu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.ELU.html
 *
 * @example
 * ```ts
 * import { ELU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ELU(0.5).forward(tensor([-1, 2])).toNested()); // [-0.3161, 2]
 * ```
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}
