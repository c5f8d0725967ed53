import { mul, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { hardsigmoid } from "./hardsigmoid.ts";

/**
 * y = x · min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html
 *
 * @example
 * ```ts
 * import { hardswish } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(hardswish(tensor([-4, 1, 4])).toNested()); // [0, 0.6667, 4]
 * ```
 */
export function hardswish(x: Tensor): Tensor {
  return mul(x, hardsigmoid(x));
}

/**
 * y = x · min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: Howard et al. 2019, https://arxiv.org/abs/1905.02244; https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 *
 * @example
 * ```ts
 * import { Hardswish } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Hardswish().forward(tensor([-4, 1, 4])).toNested()); // [0, 0.6667, 4]
 * ```
 */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    return hardswish(x);
  }
}
