import { greaterEqual, lessEqual, logicalAnd, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = 0 where -lambda <= x <= lambda, x elsewhere, element-wise; so is the gradient 0 or 1.
 * @param lambda >= 0; default 0.5. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html
 *
 * @example
 * ```ts
 * import { hardshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(hardshrink(tensor([-1, 0.2, 0.8])).toNested()); // [-1, 0, 0.8]
 * ```
 */
export function hardshrink(x: Tensor, lambda = 0.5): Tensor {
  return where(logicalAnd(greaterEqual(x, -lambda), lessEqual(x, lambda)), 0, x);
}

/**
 * {@link hardshrink}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html
 *
 * @example
 * ```ts
 * import { Hardshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Hardshrink().forward(tensor([-1, 0.2, 0.8])).toNested()); // [-1, 0, 0.8]
 * ```
 */
export class Hardshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    return hardshrink(x, this.lambda);
  }
}
