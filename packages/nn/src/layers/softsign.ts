import { abs, add, div, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x / (1 + |x|), element-wise. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html
 *
 * @example
 * ```ts
 * import { softsign } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(softsign(tensor([-1, 3])).toNested()); // [-0.5, 0.75]
 * ```
 */
export function softsign(x: Tensor): Tensor {
  return div(x, add(abs(x), 1));
}

/**
 * {@link softsign}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html
 *
 * @example
 * ```ts
 * import { Softsign } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Softsign().forward(tensor([-1, 3])).toNested()); // [-0.5, 0.75]
 * ```
 */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return softsign(x);
  }
}
