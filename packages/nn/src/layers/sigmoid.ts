import { sigmoid, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = 1 / (1 + e^-x), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
