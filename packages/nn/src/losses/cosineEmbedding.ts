import {
  add,
  div,
  equal,
  equalShapes,
  formatShape,
  mul,
  relu,
  ShapeError,
  sqrt,
  sub,
  sum,
  type Tensor,
  where,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link cosineEmbeddingLoss} and {@link CosineEmbeddingLoss}. */
export interface CosineEmbeddingLossOptions extends LossOptions {
  /** Up to which cosine negative pairs cost nothing, in [-1, 1]. Default 0. */
  readonly margin?: number;
}

/**
 * 1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1; by default averaged.
 * `input1` and `input2` [N, D] or [D], `target` [N] or []. The lengths' squares are increased by 1e-12.
 * @throws {ShapeError} unless they fit.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html
 *
 * @example
 * ```ts
 * import { cosineEmbeddingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [left, right] = [tensor([[1, 0], [1, 0]]), tensor([[1, 0], [1, 1]])];
 * console.log(cosineEmbeddingLoss(left, right, tensor([1, -1]), { reduction: "none" }).toNested()); // [0.0000, 0.7071]
 * ```
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: CosineEmbeddingLossOptions = {},
): Tensor {
  const { margin = 0, reduction } = options;
  checkSameShape("cosineEmbeddingLoss", input1, input2);
  if (input1.rank === 0 || !equalShapes(target.shape, input1.shape.slice(0, -1))) {
    throw new ShapeError({
      op: "cosineEmbeddingLoss",
      expected: "inputs [N, D] with a target [N], or [D] with []",
      got: `${formatShape(input1.shape)} with ${formatShape(target.shape)}`,
    });
  }
  const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b), { axes: -1 });
  const square = (a: Tensor): Tensor => add(dot(a, a), 1e-12);
  const cosine = div(dot(input1, input2), sqrt(mul(square(input1), square(input2))));
  const positive = where(equal(target, 1), sub(1, cosine), 0);
  const negative = where(equal(target, -1), relu(sub(cosine, margin)), 0);
  return reduce("cosineEmbeddingLoss", add(positive, negative), reduction);
}

/**
 * {@link cosineEmbeddingLoss} as a module.
 *
 * @example
 * ```ts
 * import { CosineEmbeddingLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const [left, right] = [tensor([[1, 0]]), tensor([[1, 1]])];
 * console.log(new CosineEmbeddingLoss({ margin: 0.5 }).forward(left, right, tensor([-1])).item()); // 0.2071
 * ```
 */
export class CosineEmbeddingLoss extends Module<readonly [input1: Tensor, input2: Tensor, target: Tensor]> {
  readonly options: CosineEmbeddingLossOptions;

  constructor(options: CosineEmbeddingLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, this.options);
  }
}
