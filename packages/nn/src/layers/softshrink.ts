import { ArgumentError, clamp, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x - lambda where x > lambda, x + lambda where x < -lambda, 0 between, element-wise; the gradient is 0 at ±lambda.
 * @param lambda >= 0; default 0.5. @throws {ArgumentError} if lambda < 0. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softshrink.html
 *
 * @example
 * ```ts
 * import { softshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(softshrink(tensor([-1, 0.2, 0.8])).toNested()); // [-0.5, 0, 0.3]
 * ```
 */
export function softshrink(x: Tensor, lambda = 0.5): Tensor {
  if (!(lambda >= 0)) throw new ArgumentError({ op: "softshrink", expected: "lambda >= 0", got: String(lambda) });
  return sub(x, clamp(x, -lambda, lambda));
}

/**
 * {@link softshrink}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html
 *
 * @example
 * ```ts
 * import { Softshrink } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Softshrink().forward(tensor([-1, 0.2, 0.8])).toNested()); // [-0.5, 0, 0.3]
 * ```
 */
export class Softshrink extends Module {
  readonly lambda: number;

  constructor(lambda = 0.5) {
    super();
    this.lambda = lambda;
  }

  forward(x: Tensor): Tensor {
    return softshrink(x, this.lambda);
  }
}
