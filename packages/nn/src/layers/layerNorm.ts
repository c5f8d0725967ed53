import { equalShapes, formatShape, layerNorm, ones, type Shape, ShapeError, type Tensor, zeros } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether a weight, and a bias, are learned. Default `true`. */
  readonly elementwiseAffine?: boolean;
  /** Whether, beside the weight, there is a bias. Default `true`. */
  readonly bias?: boolean;
}

/**
 * y = (x - mean) / √(variance + eps) · weight + bias; mean and biased variance are those of the last axes, which have
 * the given shape. `weight` is at first 1, `bias` 0, both of that shape.
 * @throws {ShapeError} if the last axes of x have another shape.
 * Source: Ba et al. 2016, https://arxiv.org/abs/1607.06450; https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 *
 * @example
 * ```ts
 * import { LayerNorm } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LayerNorm(2).forward(tensor([[1, 3], [10, 30]])).toNested()); // [[-1.0000, 1.0000], [-1.0000, 1.0000]]
 * ```
 */
export class LayerNorm extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly normalizedShape: Shape;
  readonly eps: number;

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : null;
  }

  forward(x: Tensor): Tensor {
    const lead = x.rank - this.normalizedShape.length;
    if (!equalShapes(x.shape.slice(Math.max(0, lead)), this.normalizedShape)) {
      throw new ShapeError({
        op: "LayerNorm",
        expected: `last axes of shape ${formatShape(this.normalizedShape)}`,
        got: formatShape(x.shape),
      });
    }
    const like = { dtype: x.dtype };
    return layerNorm(
      x,
      this.weight ?? ones(this.normalizedShape, like),
      this.bias ?? zeros(this.normalizedShape, like),
      this.eps,
    ).y;
  }
}
