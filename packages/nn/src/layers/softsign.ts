import { abs, add, div, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x / (1 + |x|), element-wise. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html
 */
export function softsign(x: Tensor): Tensor {
  return div(x, add(abs(x), 1));
}

/** {@link softsign}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return softsign(x);
  }
}
