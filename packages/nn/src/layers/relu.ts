import { relu, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = max(x, 0), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}
