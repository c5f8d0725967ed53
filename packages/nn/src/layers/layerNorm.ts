import { equalShapes, formatShape, layerNorm, ones, type Shape, ShapeError, type Tensor, zeros } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether a weight, and a bias, are learned. Default `true`. */
  readonly affine?: boolean;
  /** Whether, if affine, there is a bias. Default `true`. */
  readonly bias?: boolean;
}

/**
 * y = (x - mean) / √(variance + eps) · weight + bias; mean and biased variance are those of the last axes, which have
 * the given shape. `weight` is at first 1, `bias` 0, both of that shape.
 * @throws {ShapeError} if the last axes of x have another shape.
 * Source: Ba et al. 2016, https://arxiv.org/abs/1607.06450; https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export class LayerNorm extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly shape: Shape;
  readonly eps: number;

  constructor(shape: number | Shape, options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true, bias = true } = options;
    this.shape = typeof shape === "number" ? [shape] : [...shape];
    this.eps = eps;
    this.weight = affine ? new Parameter(ones(this.shape)) : null;
    this.bias = affine && bias ? new Parameter(zeros(this.shape)) : null;
  }

  forward(x: Tensor): Tensor {
    const lead = x.rank - this.shape.length;
    if (!equalShapes(x.shape.slice(Math.max(0, lead)), this.shape)) {
      throw new ShapeError({
        op: "LayerNorm",
        expected: `last axes of shape ${formatShape(this.shape)}`,
        got: formatShape(x.shape),
      });
    }
    const like = { dtype: x.dtype };
    return layerNorm(x, this.weight ?? ones(this.shape, like), this.bias ?? zeros(this.shape, like), this.eps).y;
  }
}
