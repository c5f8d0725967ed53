import { lessEqual, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x where x > bound, value elsewhere, element-wise; the gradient at the bound is 0.
 * @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.threshold.html
 *
 * @example
 * ```ts
 * import { threshold } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(threshold(tensor([-1, 0.5, 2]), 1, -9).toNested()); // [-9, -9, 2]
 * ```
 */
export function threshold(x: Tensor, bound: number, value: number): Tensor {
  return where(lessEqual(x, bound), value, x);
}

/**
 * {@link threshold}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html
 *
 * @example
 * ```ts
 * import { Threshold } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Threshold(1, -9).forward(tensor([-1, 0.5, 2])).toNested()); // [-9, -9, 2]
 * ```
 */
export class Threshold extends Module {
  readonly bound: number;
  readonly value: number;

  constructor(bound: number, value: number) {
    super();
    this.bound = bound;
    this.value = value;
  }

  forward(x: Tensor): Tensor {
    return threshold(x, this.bound, this.value);
  }
}
