import { mul, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { softplus } from "./softplus.ts";

/**
 * y = x · tanh(ln(1 + e^x)), element-wise. @throws {DTypeError} if x is not float.
 * Source: Misra 2019, https://arxiv.org/abs/1908.08681;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.mish.html
 */
export function mish(x: Tensor): Tensor {
  return mul(x, tanh(softplus(x)));
}

/** {@link mish}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Mish.html */
export class Mish extends Module {
  forward(x: Tensor): Tensor {
    return mish(x);
  }
}
