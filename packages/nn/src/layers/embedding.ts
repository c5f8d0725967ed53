import { type Generator, indexSelect, reshape, type Shape, type Tensor } from "@graftjs/tensor";
import { normal } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

export interface EmbeddingOptions {
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
  /** How the weight is made, given its shape. Default: drawn from N(0, 1), as in PyTorch. */
  readonly initialize?: (shape: Shape) => Tensor;
}

/**
 * Rows of a table by int32 index: [...] to [..., size]. `weight` [count, size] is at first drawn from N(0, 1).
 * @throws {DTypeError} if the indices are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 */
export class Embedding extends Module<readonly [indices: Tensor]> {
  readonly weight: Parameter;

  constructor(count: number, size: number, options: EmbeddingOptions = {}) {
    super();
    const { generator, initialize = (shape) => normal(shape, generator ? { generator } : {}) } = options;
    this.weight = new Parameter(initialize([count, size]));
  }

  forward(indices: Tensor): Tensor {
    const rows = indexSelect(this.weight, reshape(indices, [-1]));
    return reshape(rows, [...indices.shape, this.weight.shape[1] as number]);
  }
}
