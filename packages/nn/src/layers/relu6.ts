import { relu6, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = min(max(x, 0), 6), element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 *
 * @example
 * ```ts
 * import { ReLU6 } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ReLU6().forward(tensor([-1, 3, 8])).toNested()); // [0, 3, 6]
 * ```
 */
export class ReLU6 extends Module {
  forward(x: Tensor): Tensor {
    return relu6(x);
  }
}
