import { greaterEqual, lessEqual, logicalAnd, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = 0 where -lambda <= x <= lambda, x elsewhere, element-wise; so is the gradient 0 or 1.
 * @param lambda >= 0; default 0.5. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html
 */
export function hardshrink(x: Tensor, lambda = 0.5): Tensor {
  return where(logicalAnd(greaterEqual(x, -lambda), lessEqual(x, lambda)), 0, x);
}

/** {@link hardshrink}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html */
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
