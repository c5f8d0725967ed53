import { ones, rmsNorm, type Shape, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link RMSNorm}. */
export interface RMSNormLayerOptions {
  /** Added to the mean of squares. Default: the smallest step above 1 of the dtype of x. */
  readonly eps?: number | null;
  /** Whether a weight is learned. Default `true`. */
  readonly elementwiseAffine?: boolean;
}

/**
 * y = x / √(mean(x²) + eps) · weight; the mean is that of the last axes, which have the given shape. `weight` is at first 1.
 * @throws {ShapeError} if the last axes of x have another shape.
 * Source: Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467;
 * https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 *
 * @example
 * ```ts
 * import { RMSNorm } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new RMSNorm(2).forward(tensor([[3, 4]])).toNested()); // [[0.8485, 1.1314]]
 * ```
 */
export class RMSNorm extends Module {
  readonly weight: Parameter | null;
  readonly normalizedShape: Shape;
  readonly eps: number | null;

  constructor(normalizedShape: number | Shape, options: RMSNormLayerOptions = {}) {
    super();
    const { eps = null, elementwiseAffine = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
  }

  forward(x: Tensor): Tensor {
    const { weight, eps } = this;
    return rmsNorm(x, this.normalizedShape, { weight, eps });
  }
}
