import { type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = (e^x - e^-x) / (e^x + e^-x), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 *
 * @example
 * ```ts
 * import { Tanh } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Tanh().forward(tensor([0, 1])).toNested()); // [0, 0.7616]
 * ```
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
