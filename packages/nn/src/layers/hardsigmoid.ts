import { add, mul, relu6, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html
 */
export function hardsigmoid(x: Tensor): Tensor {
  return mul(relu6(add(x, 3)), 1 / 6);
}

/**
 * y = min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}
