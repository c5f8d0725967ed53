import { exp, less, log1p, neg, sub, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = ln(1 / (1 + e^-x)), element-wise, without overflow; the gradient at 0 is 1/2.
 * @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html
 *
 * @example
 * ```ts
 * import { logsigmoid } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(logsigmoid(tensor([0, -1000])).toNested()); // [-0.6931, -1000]
 * ```
 */
export function logsigmoid(x: Tensor): Tensor {
  const negative = less(x, 0);
  // min(x, 0) - ln(1 + e^-|x|), with both gradients at 0 taken from the right.
  return sub(where(negative, x, 0), log1p(exp(where(negative, x, neg(x)))));
}

/**
 * {@link logsigmoid}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html
 *
 * @example
 * ```ts
 * import { LogSigmoid } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LogSigmoid().forward(tensor([0, -1000])).toNested()); // [-0.6931, -1000]
 * ```
 */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logsigmoid(x);
  }
}
