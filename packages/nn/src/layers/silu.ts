import { mul, sigmoid, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x · sigmoid(x), element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.silu.html
 *
 * @example
 * ```ts
 * import { silu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(silu(tensor([0, 1])).toNested()); // [0, 0.7311]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/**
 * y = x · sigmoid(x), element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 *
 * @example
 * ```ts
 * import { SiLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new SiLU().forward(tensor([0, 1])).toNested()); // [0, 0.7311]
 * ```
 */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}
