import { type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = (e^x - e^-x) / (e^x + e^-x), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
