import { relu6, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = min(max(x, 0), 6), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 */
export class ReLU6 extends Module {
  forward(x: Tensor): Tensor {
    return relu6(x);
  }
}
