import {
  add,
  equalShapes,
  formatShape,
  type Generator,
  matmul,
  permute,
  reshape,
  ShapeError,
  type Tensor,
} from "@graftjs/tensor";
import { uniform } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link Bilinear}. */
export interface BilinearOptions {
  /** Whether a bias is added. Default `true`. */
  readonly bias?: boolean;
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
}

/**
 * yₖ = x1 · weightₖ · x2ᵀ + biasₖ: [..., in1Features] and [..., in2Features] to [..., outFeatures].
 * `weight` [outFeatures, in1Features, in2Features] and `bias` [outFeatures] are at first drawn from U(-b, b),
 * b = 1 / √in1Features.
 * @throws {ShapeError} if the inputs differ in a leading axis, or their last axes are not the layer's.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
 *
 * @example
 * ```ts
 * import { Bilinear } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Bilinear(3, 4, 2).forward(ones([5, 3]), ones([5, 4])).shape); // [5, 2]
 * ```
 */
export class Bilinear extends Module<readonly [x1: Tensor, x2: Tensor]> {
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, options: BilinearOptions = {}) {
    super();
    const { bias = true, generator } = options;
    const bound = 1 / Math.sqrt(in1Features);
    const range = { low: -bound, high: bound, ...(generator && { generator }) };
    this.weight = new Parameter(uniform([outFeatures, in1Features, in2Features], range));
    this.bias = bias ? new Parameter(uniform([outFeatures], range)) : null;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    const [outs, in1, in2] = this.weight.shape as [number, number, number];
    const lead = x1.shape.slice(0, -1);
    if (x1.shape.at(-1) !== in1 || x2.shape.at(-1) !== in2 || !equalShapes(lead, x2.shape.slice(0, -1))) {
      throw new ShapeError({
        op: "Bilinear",
        expected: `[..., ${in1}] and [..., ${in2}] with the same leading axes`,
        got: `${formatShape(x1.shape)} and ${formatShape(x2.shape)}`,
      });
    }
    const rows = lead.reduce((n, d) => n * d, 1);
    const matrices = reshape(permute(this.weight, [1, 0, 2]), [in1, outs * in2]);
    const once = reshape(matmul(reshape(x1, [rows, in1]), matrices), [rows, outs, in2]);
    const twice = reshape(matmul(once, reshape(x2, [rows, in2, 1])), [...lead, outs]);
    return this.bias ? add(twice, this.bias) : twice;
  }
}
