import {
  ArgumentError,
  equal,
  type Generator,
  indexSelect,
  reshape,
  type Shape,
  type Tensor,
  tensor,
  where,
} from "@graftjs/tensor";
import { normal } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link Embedding} and {@link table}. */
export interface EmbeddingOptions {
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
  /** How the weight is made, given its shape. Default: drawn from N(0, 1), as in PyTorch. */
  readonly initialize?: (shape: Shape) => Tensor;
  /** The index that stands for no word: its row is 0 at first and gets no gradient. Negative ones count from the end. */
  readonly paddingIdx?: number;
}

/**
 * Rows of a table by int32 index: [...] to [..., size]. `weight` [count, size] is at first drawn from N(0, 1), but for the
 * row of `paddingIdx`, which is 0.
 *
 * Differs from PyTorch: no `max_norm`, `scale_grad_by_freq` and `sparse`.
 * @throws {ArgumentError} if `paddingIdx` is not a row. @throws {DTypeError} if the indices are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 *
 * @example
 * ```ts
 * import { Embedding } from "@graftjs/nn";
 * import { select, tensor } from "@graftjs/tensor";
 *
 * const layer = new Embedding(10, 4, { paddingIdx: 0 });
 * const words = tensor([[3, 7, 0]], undefined, { dtype: "int32" });
 * console.log(layer.forward(words).shape, select(layer.forward(words), 1, 2).toNested()); // [1, 3, 4] [[0, 0, 0, 0]]
 * ```
 */
export class Embedding extends Module<readonly [indices: Tensor]> {
  readonly weight: Parameter;
  readonly paddingIdx: number | null;

  constructor(count: number, size: number, options: EmbeddingOptions = {}) {
    super();
    const { weight, paddingIdx } = table("Embedding", count, size, options);
    this.weight = weight;
    this.paddingIdx = paddingIdx;
  }

  forward(indices: Tensor): Tensor {
    const rows = lookUp(this.weight, indices);
    if (this.paddingIdx === null) return rows;
    return where(isPadding(indices, this.paddingIdx), rows.detach(), rows);
  }
}

/** The weight of an embedding, and the index of its padding from the start. */
export function table(
  op: string,
  count: number,
  size: number,
  { generator, initialize, paddingIdx }: EmbeddingOptions,
): { readonly weight: Parameter; readonly paddingIdx: number | null } {
  const make = initialize ?? ((shape) => normal(shape, generator ? { generator } : {}));
  const values = make([count, size]);
  if (paddingIdx === undefined) return { weight: new Parameter(values), paddingIdx: null };
  const row = paddingIdx < 0 ? paddingIdx + count : paddingIdx;
  if (!Number.isInteger(row) || row < 0 || row >= count) {
    throw new ArgumentError({ op, expected: `a paddingIdx in [-${count}, ${count})`, got: String(paddingIdx) });
  }
  const data = values.toArray().fill(0, row * size, (row + 1) * size);
  return { weight: new Parameter(tensor(data, values.shape)), paddingIdx: row };
}

/** Rows of [count, size] by index: [...] to [..., size]. */
export function lookUp(weight: Tensor, indices: Tensor): Tensor {
  const rows = indexSelect(weight, reshape(indices, [indices.size]));
  return reshape(rows, [...indices.shape, weight.shape[1] as number]);
}

/** Which of the rows looked up are padding, [..., 1]. */
export function isPadding(indices: Tensor, paddingIdx: number): Tensor {
  return reshape(equal(indices, paddingIdx), [...indices.shape, 1]);
}
