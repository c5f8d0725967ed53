import { mul, sigmoid, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** y = x · sigmoid(x), element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.silu.html */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** y = x · sigmoid(x), element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}
