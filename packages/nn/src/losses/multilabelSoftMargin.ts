import { add, equalShapes, formatShape, mean, mul, neg, ShapeError, sub, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";
import { logOnePlusExp } from "./softMargin.ts";

/** Options of {@link multilabelSoftMarginLoss} and {@link MultiLabelSoftMarginLoss}. */
export interface MultiLabelSoftMarginLossOptions extends LossOptions {
  /** A factor for each class, [C]. */
  readonly weight?: Tensor;
}

/**
 * -weight[c] · (y · ln σ(x) + (1 - y) · ln(1 - σ(x))), averaged over the classes of each sample, and by default over samples.
 * `logits` x [N, C] or [C] and `target` y of 0 and 1 have one shape.
 * @throws {ShapeError} unless both have one shape, and there is a weight for each class.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html
 *
 * @example
 * ```ts
 * import { multilabelSoftMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(multilabelSoftMarginLoss(tensor([[0, 2]]), tensor([[0, 1]])).item()); // 0.41
 * ```
 */
export function multilabelSoftMarginLoss(
  logits: Tensor,
  target: Tensor,
  options: MultiLabelSoftMarginLossOptions = {},
): Tensor {
  const { weight, reduction } = options;
  checkSameShape("multilabelSoftMarginLoss", logits, target);
  const classes = logits.shape.at(-1);
  if (classes === undefined || (weight && !equalShapes(weight.shape, [classes]))) {
    throw new ShapeError({
      op: "multilabelSoftMarginLoss",
      expected: "logits [N, C] or [C], and weights [C]",
      got: `${formatShape(logits.shape)} and ${weight ? formatShape(weight.shape) : "none"}`,
    });
  }
  const losses = add(mul(sub(1, target), logits), logOnePlusExp(neg(logits)));
  const weighted = weight ? mul(losses, weight) : losses;
  return reduce("multilabelSoftMarginLoss", mean(weighted, { axes: -1 }), reduction);
}

/**
 * {@link multilabelSoftMarginLoss} as a module.
 *
 * @example
 * ```ts
 * import { MultiLabelSoftMarginLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new MultiLabelSoftMarginLoss().forward(tensor([[0, 2]]), tensor([[0, 1]])).item()); // 0.41
 * ```
 */
export class MultiLabelSoftMarginLoss extends Module<readonly [logits: Tensor, target: Tensor]> {
  readonly options: MultiLabelSoftMarginLossOptions;

  constructor(options: MultiLabelSoftMarginLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(logits: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(logits, target, this.options);
  }
}
