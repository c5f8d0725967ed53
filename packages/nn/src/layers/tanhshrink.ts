import { sub, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x - tanh(x), element-wise. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html
 */
export function tanhshrink(x: Tensor): Tensor {
  return sub(x, tanh(x));
}

/** {@link tanhshrink}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}
