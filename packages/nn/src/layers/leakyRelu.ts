import { greater, mul, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x where x > 0, slope · x elsewhere.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html
 *
 * @example
 * ```ts
 * import { leakyRelu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(leakyRelu(tensor([-1, 2])).toNested()); // [-0.01, 2]
 * ```
 */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return where(greater(x, 0), x, mul(x, slope));
}

/**
 * {@link leakyRelu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 *
 * @example
 * ```ts
 * import { LeakyReLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LeakyReLU(0.1).forward(tensor([-1, 2])).toNested()); // [-0.1, 2]
 * ```
 */
export class LeakyReLU extends Module {
  readonly slope: number;

  constructor(slope = 0.01) {
    super();
    this.slope = slope;
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.slope);
  }
}
