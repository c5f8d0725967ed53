import { add, type Generator, matmul, type Shape, squeeze, type Tensor, unsqueeze } from "@graftjs/tensor";
import { uniform } from "../init/distributions.ts";
import { kaimingUniform } from "../init/kaiming.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Whether a bias is added. Default `true`. */
  readonly bias?: boolean;
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
  /** How the weight is made, given its shape. Default: Kaiming-uniform with a = √5, as in PyTorch. */
  readonly initialize?: (shape: Shape) => Tensor;
}

/**
 * y = x · weightᵀ + bias: [..., in] and weight [out, in] to [..., out].
 * @throws {ShapeError} if the last axes differ. @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 *
 * @example
 * ```ts
 * import { linear } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(linear(tensor([[1, 2]]), tensor([[3, 4], [5, 6]]), tensor([0.5, 0])).toNested()); // [[11.5, 17]]
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (x.rank === 1) return squeeze(linear(unsqueeze(x, 0), weight, bias), 0);
  const product = matmul(x, weight, { transposeB: true });
  return bias ? add(product, bias) : product;
}

/**
 * y = x · weightᵀ + bias: [..., inFeatures] to [..., outFeatures].
 * `weight` [outFeatures, inFeatures] and `bias` [outFeatures] are at first drawn from U(-b, b), b = 1 / √inFeatures.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 *
 * @example
 * ```ts
 * import { Linear } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new Linear(4, 2);
 * console.log(layer.forward(ones([8, 4])).shape, layer.weight.shape, layer.bias?.shape); // [8, 2] [2, 4] [2]
 * ```
 */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    const { bias = true, generator } = options;
    const draw = generator ? { generator } : {};
    const bound = 1 / Math.sqrt(inFeatures);
    const { initialize = (shape) => kaimingUniform(shape, { a: Math.sqrt(5), ...draw }) } = options;
    this.weight = new Parameter(initialize([outFeatures, inFeatures]));
    this.bias = bias ? new Parameter(uniform([outFeatures], { low: -bound, high: bound, ...draw })) : null;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
