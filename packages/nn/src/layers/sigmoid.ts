import { sigmoid, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = 1 / (1 + e^-x), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 *
 * @example
 * ```ts
 * import { Sigmoid } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Sigmoid().forward(tensor([0, 2])).toNested()); // [0.5, 0.8808]
 * ```
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
