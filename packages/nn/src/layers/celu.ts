import { mul, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { elu } from "./elu.ts";

/**
 * y = x where x > 0, alpha · (e^(x / alpha) - 1) elsewhere, element-wise: its gradient is continuous, 1 at 0.
 * @param alpha not 0; default 1. @throws {DTypeError} if x is not float.
 * Source: Barron 2017, https://arxiv.org/abs/1704.07483;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.celu.html
 *
 * @example
 * ```ts
 * import { celu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(celu(tensor([-1, 2])).toNested()); // [-0.6321, 2]
 * ```
 */
export function celu(x: Tensor, alpha = 1): Tensor {
  return alpha === 1 ? elu(x) : mul(elu(mul(x, 1 / alpha)), alpha);
}

/**
 * {@link celu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.CELU.html
 *
 * @example
 * ```ts
 * import { CELU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new CELU(0.5).forward(tensor([-1, 2])).toNested()); // [-0.4323, 2]
 * ```
 */
export class CELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return celu(x, this.alpha);
  }
}
