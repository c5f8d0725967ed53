import { add, exp, greater, log1p, mul, neg, relu, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = ln(1 + e^(beta · x)) / beta, element-wise, without overflow; x itself where beta · x > threshold.
 * @param beta not 0; default 1. @param threshold default 20. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html
 *
 * @example
 * ```ts
 * import { softplus } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(softplus(tensor([0, 100])).toNested()); // [0.6931, 100]
 * ```
 */
export function softplus(x: Tensor, beta = 1, threshold = 20): Tensor {
  const scaled = beta === 1 ? x : mul(x, beta);
  // ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), with the gradient at 0 left to the second term: 1/2.
  const smooth = add(relu(scaled), log1p(exp(where(greater(scaled, 0), neg(scaled), scaled))));
  return where(greater(scaled, threshold), x, beta === 1 ? smooth : mul(smooth, 1 / beta));
}

/**
 * {@link softplus}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 *
 * @example
 * ```ts
 * import { Softplus } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Softplus().forward(tensor([0, 100])).toNested()); // [0.6931, 100]
 * ```
 */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(beta = 1, threshold = 20) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(x: Tensor): Tensor {
    return softplus(x, this.beta, this.threshold);
  }
}
