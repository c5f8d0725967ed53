import { add, mul, relu6, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html
 *
 * @example
 * ```ts
 * import { hardsigmoid } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(hardsigmoid(tensor([-4, 0, 1])).toNested()); // [0, 0.5, 0.6667]
 * ```
 */
export function hardsigmoid(x: Tensor): Tensor {
  return mul(relu6(add(x, 3)), 1 / 6);
}

/**
 * y = min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 *
 * @example
 * ```ts
 * import { Hardsigmoid } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Hardsigmoid().forward(tensor([-4, 0, 1])).toNested()); // [0, 0.5, 0.6667]
 * ```
 */
export class Hardsigmoid extends Module {
  forward(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}
