import {
  ArgumentError,
  add,
  div,
  equal,
  type Generator,
  greater,
  indexAdd,
  indexSelect,
  logicalAnd,
  mul,
  noGrad,
  norm,
  ones,
  reshape,
  type Shape,
  sub,
  type Tensor,
  tensor,
  unsqueeze,
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
  /** Rows with a larger norm are scaled down to this one, in the table, when they are looked up. */
  readonly maxNorm?: number;
  /** The p of the norm that `maxNorm` is of. Default 2. */
  readonly normType?: number;
  /** Whether the gradient of a row is divided by how often the indices name it. Default `false`. */
  readonly scaleGradByFreq?: boolean;
}

/**
 * Rows of a table by int32 index: [...] to [..., size]. `weight` [count, size] is at first drawn from N(0, 1), but for the
 * row of `paddingIdx`, which is 0.
 *
 * Differs from PyTorch: no `sparse`; while the table is frozen, `maxNorm` leaves it alone.
 * @throws {ArgumentError} if `paddingIdx` is not a row, or `maxNorm` is not > 0. @throws {DTypeError} if the indices are not int32.
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
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;

  constructor(count: number, size: number, options: EmbeddingOptions = {}) {
    super();
    const { weight, paddingIdx } = table("Embedding", count, size, options);
    this.weight = weight;
    this.paddingIdx = paddingIdx;
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    if (this.maxNorm !== null && !(this.maxNorm > 0)) {
      throw new ArgumentError({ op: "Embedding", expected: "maxNorm > 0", got: String(this.maxNorm) });
    }
  }

  forward(indices: Tensor): Tensor {
    if (this.maxNorm !== null && this.weight.requiresGrad) this.#renormalize(indices, this.maxNorm);
    const rows = lookUp(this.weight, indices);
    const scaled = this.scaleGradByFreq ? this.#byFrequency(rows, indices) : rows;
    if (this.paddingIdx === null) return scaled;
    return where(isPadding(indices, this.paddingIdx), rows.detach(), scaled);
  }

  #renormalize(indices: Tensor, most: number): void {
    const { weight } = this;
    noGrad(() => {
      const norms = norm(weight, this.normType, { axes: 1, keepDims: true });
      const named = unsqueeze(greater(this.#counts(indices), 0), 1);
      const factors = where(logicalAnd(named, greater(norms, most)), div(most, add(norms, 1e-7)), 1);
      weight.assign(mul(weight, factors));
    });
  }

  /** The rows, with their gradients divided by how often each is named. */
  #byFrequency(rows: Tensor, indices: Tensor): Tensor {
    const frequencies = lookUp(unsqueeze(this.#counts(indices), 1), indices);
    const values = rows.detach();
    return add(values, div(sub(rows, values), frequencies));
  }

  /** How often each row is named. */
  #counts(indices: Tensor): Tensor {
    const { shape, dtype } = this.weight;
    return indexAdd(ones([indices.size], { dtype }), reshape(indices, [indices.size]), 0, shape[0] as number);
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
