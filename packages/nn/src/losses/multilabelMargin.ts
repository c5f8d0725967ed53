import {
  add,
  any,
  arange,
  cast,
  cumsum,
  DTypeError,
  equal,
  gather,
  less,
  logicalAnd,
  logicalNot,
  mul,
  relu,
  sub,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { classAxis } from "./classes.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/**
 * The hinge loss of several labels: Σ over targets t and classes c that are none of max(0, 1 - x[t] + x[c]) / C, by default
 * averaged over samples. `scores` x is [N, C] or [C].
 * @param target int32, of the shape of `scores`: the target classes of each sample, then -1, after which nothing counts.
 * @throws {ShapeError} unless both have one shape. @throws {DTypeError} if the target is not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html
 *
 * @example
 * ```ts
 * import { multilabelMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([[3, 0, -1, 1]], undefined, { dtype: "int32" });
 * console.log(multilabelMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), target).item()); // 0.85
 * ```
 */
export function multilabelMarginLoss(scores: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const axis = classAxis("multilabelMarginLoss", scores);
  checkSameShape("multilabelMarginLoss", scores, target);
  if (target.dtype !== "int32") {
    throw new DTypeError({ op: "multilabelMarginLoss", expected: "an int32 target", got: target.dtype });
  }
  const classes = scores.shape[axis] as number;
  const listed = equal(cumsum(cast(less(target, 0), "int32"), axis), 0);
  // [..., place in the list, class]
  const chosen = logicalAnd(unsqueeze(listed, -1), equal(unsqueeze(target, -1), arange(0, classes)));
  const others = logicalNot(any(chosen, { axes: axis, keepDims: true }));
  const own = gather(scores, where(listed, target, 0), axis);
  const missing = relu(sub(add(unsqueeze(scores, axis), 1), unsqueeze(own, -1)));
  const counted = where(logicalAnd(unsqueeze(listed, -1), others), missing, 0);
  return reduce("multilabelMarginLoss", mul(sum(counted, { axes: [-2, -1] }), 1 / classes), options.reduction);
}

/**
 * {@link multilabelMarginLoss} as a module.
 *
 * @example
 * ```ts
 * import { MultiLabelMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const target = tensor([3, 0, -1, 1], undefined, { dtype: "int32" });
 * console.log(new MultiLabelMarginLoss().forward(tensor([0.1, 0.2, 0.4, 0.8]), target).item()); // 0.85
 * ```
 */
export class MultiLabelMarginLoss extends Module<readonly [scores: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  forward(scores: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(scores, target, this.options);
  }
}
