import { relu, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = max(x, 0), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 *
 * @example
 * ```ts
 * import { ReLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ReLU().forward(tensor([-1, 0, 2])).toNested()); // [0, 0, 2]
 * ```
 */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}
