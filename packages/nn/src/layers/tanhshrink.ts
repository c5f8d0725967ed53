import { sub, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x - tanh(x), element-wise. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html
 *
 * @example
 * ```ts
 * import { tanhshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(tanhshrink(tensor([0, 1])).toNested()); // [0, 0.2384]
 * ```
 */
export function tanhshrink(x: Tensor): Tensor {
  return sub(x, tanh(x));
}

/**
 * {@link tanhshrink}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html
 *
 * @example
 * ```ts
 * import { Tanhshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Tanhshrink().forward(tensor([0, 1])).toNested()); // [0, 0.2384]
 * ```
 */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}
