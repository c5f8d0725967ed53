import { mul, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { softplus } from "./softplus.ts";

/**
 * y = x · tanh(ln(1 + e^x)), element-wise. @throws {DTypeError} if x is not float.
 * Source: Misra 2019, https://arxiv.org/abs/1908.08681;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.mish.html
 *
 * @example
 * ```ts
 * import { mish } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(mish(tensor([0, 1])).toNested()); // [0, 0.8651]
 * ```
 */
export function mish(x: Tensor): Tensor {
  return mul(x, tanh(softplus(x)));
}

/**
 * {@link mish}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Mish.html
 *
 * @example
 * ```ts
 * import { Mish } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Mish().forward(tensor([0, 1])).toNested()); // [0, 0.8651]
 * ```
 */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    return mish(x);
  }
}
