import { formatShape, greater, mul, reshape, ShapeError, type Tensor, where } from "@graftjs/tensor";
import { constant } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/**
 * y = x where x > 0, weight · x elsewhere. @param weight [1], or [C] for x [N, C, ...].
 * @throws {ShapeError} if the weight has another shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html
 *
 * @example
 * ```ts
 * import { prelu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(prelu(tensor([-1, 2]), tensor([0.25])).toNested()); // [-0.25, 2]
 * ```
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const channels = x.rank < 2 ? 1 : x.shape[1];
  if (weight.size !== 1 && (weight.rank !== 1 || weight.size !== channels)) {
    throw new ShapeError({
      op: "prelu",
      expected: `a weight of shape [1], or one number for each of ${channels} channels`,
      got: `${formatShape(weight.shape)} for ${formatShape(x.shape)}`,
    });
  }
  const slope = reshape(weight, weight.size === 1 ? [] : [weight.size, ...x.shape.slice(2).map(() => 1)]);
  return where(greater(x, 0), x, mul(x, slope));
}

/**
 * {@link prelu}, with a slope that is learned: one number, or, given their number, one for each channel of [N, C, ...].
 * `weight` [numParameters] is at first `init`, 0.25 by default.
 * Source: He et al. 2015, https://arxiv.org/abs/1502.01852;
 * https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html
 *
 * @example
 * ```ts
 * import { PReLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new PReLU().forward(tensor([-1, 2])).toNested()); // [-0.25, 2]
 * ```
 */
export class PReLU extends Module {
  readonly weight: Parameter;

  constructor(numParameters = 1, init = 0.25) {
    super();
    this.weight = new Parameter(constant([numParameters], init));
  }

  forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }
}
