import {
  ArgumentError,
  attentionWeights,
  formatShape,
  type Generator,
  matmul,
  mean,
  permute,
  reshape,
  ShapeError,
  scaledDotProductAttention,
  slice,
  squeeze,
  type Tensor,
  unsqueeze,
  zeros,
} from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { xavierUniform } from "../init/xavier.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { type AttentionMasks, mergeMasks } from "./attentionMask.ts";
import { checkProbability, dropWith } from "./dropout.ts";
import { Linear, linear } from "./linear.ts";

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions {
  /** Share of the attention weights that is dropped in training mode. Default 0. */
  readonly dropout?: number;
  /** Whether projections have a bias. Default `true`. */
  readonly bias?: boolean;
  /** Features of the keys. Default `embedDim`. */
  readonly kdim?: number;
  /** Features of the values. Default `embedDim`. */
  readonly vdim?: number;
  /** Whether tensors are [N, L, E] instead of [L, N, E]. Default `false`. */
  readonly batchFirst?: boolean;
  /** What initial values and dropout are drawn from. */
  readonly generator?: Generator;
}

/** Options of {@link MultiheadAttention}. */
export interface AttentionOptions extends AttentionMasks {
  /** Whether the weights are returned too; without, attention is faster. Default `true`. */
  readonly needWeights?: boolean;
  /** Whether the returned weights are the mean of all heads. Default `true`. */
  readonly averageAttnWeights?: boolean;
}

/** The output, and, if wanted, the attention weights. */
export type AttentionResult = readonly [output: Tensor, weights: Tensor | null];

/**
 * Attention in `numHeads` heads: headₕ = softmax(qₕ · kₕᵀ / √headDim) · vₕ of projected queries, keys and values,
 * headDim = embedDim / numHeads; then their concatenation is projected.
 * - query [L, N, E], key [S, N, kdim], value [S, N, vdim] give output [L, N, E] and weights [N, L, S], or, not averaged,
 *   [N, heads, L, S]; with `batchFirst` N is the first axis of all; without a batch there is none.
 * - `in_proj_weight` [3E, E] for queries, keys and values; where kdim or vdim differ from E instead `q_proj_weight` [E, E],
 *   `k_proj_weight` [E, kdim] and `v_proj_weight` [E, vdim]: at first Xavier-uniform. `in_proj_bias` [3E] and
 *   `out_proj.bias` [E] are at first 0, `out_proj.weight` [E, E] is {@link Linear}'s.
 *
 * Differs from PyTorch: a query that may attend to no key gives 0 (there NaN, if weights are wanted); `isCausal` makes its
 * mask itself; no `add_bias_kv` and `add_zero_attn`.
 * @throws {ArgumentError} if `embedDim` is no multiple of `numHeads`. @throws {ShapeError} if shapes do not fit.
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762;
 * https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
 *
 * @example
 * ```ts
 * import { MultiheadAttention } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const attention = new MultiheadAttention(8, 2, { batchFirst: true });
 * const x = ones([2, 5, 8]);
 * const [y, weights] = attention.forward(x, x, x, { isCausal: true });
 * console.log(y.shape, weights?.shape); // [2, 5, 8] [2, 5, 5]
 * ```
 */
export class MultiheadAttention extends Module<
  readonly [query: Tensor, key: Tensor, value: Tensor, options?: AttentionOptions],
  AttentionResult
> {
  readonly inProjWeight: Parameter | null = null;
  readonly qProjWeight: Parameter | null = null;
  readonly kProjWeight: Parameter | null = null;
  readonly vProjWeight: Parameter | null = null;
  readonly inProjBias: Parameter | null;
  readonly outProj: Linear;
  readonly embedDim: number;
  readonly numHeads: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly generator: Generator | null;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, kdim = embedDim, vdim = embedDim, batchFirst = false, generator } = options;
    if (!(Number.isInteger(numHeads) && numHeads > 0 && embedDim % numHeads === 0)) {
      throw new ArgumentError({
        op: "MultiheadAttention",
        expected: "an embedDim that is a multiple of numHeads",
        got: `${embedDim} and ${numHeads}`,
      });
    }
    checkProbability("MultiheadAttention", dropout);
    const draw = generator ? { generator } : {};
    const projection = (rows: number, columns: number) => new Parameter(xavierUniform([rows, columns], draw));
    if (kdim === embedDim && vdim === embedDim) {
      this.inProjWeight = projection(3 * embedDim, embedDim);
    } else {
      this.qProjWeight = projection(embedDim, embedDim);
      this.kProjWeight = projection(embedDim, kdim);
      this.vProjWeight = projection(embedDim, vdim);
    }
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim])) : null;
    this.outProj = new Linear(embedDim, embedDim, { bias, ...draw });
    this.outProj.bias?.assign(zeros([embedDim]));
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.generator = generator ?? null;
  }

  forward(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): AttentionResult {
    this.#check(query, key, value);
    const { needWeights = true, averageAttnWeights = true } = options;
    const batchAxis = this.batchFirst ? 0 : 1;
    const batched = query.rank === 3;
    const withBatch = (t: Tensor): Tensor => (batched ? t : unsqueeze(t, batchAxis));
    const [q, k, v] = this.#project(query, key, value, withBatch);
    const [batch, heads, queries] = q.shape as [number, number, number];
    const sizes = { batch, heads, queries, keys: k.shape[2] as number };
    const mask = mergeMasks(options, sizes, q.dtype);
    const [y, weights] = needWeights ? this.#weigh(q, k, v, mask) : [this.#attend(q, k, v, mask), null];
    const merged = this.batchFirst
      ? reshape(permute(y, [0, 2, 1, 3]), [batch, queries, this.embedDim])
      : reshape(permute(y, [2, 0, 1, 3]), [queries, batch, this.embedDim]);
    const output = this.outProj.forward(merged);
    const shown = weights && averageAttnWeights ? mean(weights, { axes: 1 }) : weights;
    return batched ? [output, shown] : [squeeze(output, batchAxis), shown && squeeze(shown, 0)];
  }

  /** Queries, keys and values as [N, heads, L, headDim]. */
  #project(q: Tensor, k: Tensor, v: Tensor, withBatch: (t: Tensor) => Tensor): readonly [Tensor, Tensor, Tensor] {
    const { embedDim, inProjWeight, inProjBias } = this;
    if (inProjWeight && q === k && k === v) {
      const packed = this.#split(linear(withBatch(q), inProjWeight, inProjBias), 3);
      const part = (i: number): Tensor => squeeze(slice(packed, 0, i, i + 1), 0);
      return [part(0), part(1), part(2)];
    }
    const separate = [this.qProjWeight, this.kProjWeight, this.vProjWeight];
    const project = (t: Tensor, i: number): Tensor => {
      const part = (all: Tensor): Tensor => slice(all, 0, i * embedDim, (i + 1) * embedDim);
      const weight = inProjWeight ? part(inProjWeight) : (separate[i] as Parameter);
      return squeeze(this.#split(linear(withBatch(t), weight, inProjBias && part(inProjBias)), 1), 0);
    };
    return [project(q, 0), project(k, 1), project(v, 2)];
  }

  /** [L, N, parts · E], or [N, L, parts · E], to [parts, N, heads, L, headDim]. */
  #split(x: Tensor, parts: number): Tensor {
    const [a, b] = x.shape as [number, number];
    const split = reshape(x, [a, b, parts, this.numHeads, this.embedDim / this.numHeads]);
    return permute(split, this.batchFirst ? [2, 0, 3, 1, 4] : [2, 1, 3, 0, 4]);
  }

  #attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | undefined): Tensor {
    const { dropout: p } = this;
    if (!this.training || p === 0) return scaledDotProductAttention(q, k, v, mask ? { mask } : {});
    const generator = this.generator ?? defaultGenerator();
    return scaledDotProductAttention(q, k, v, { ...(mask && { mask }), dropout: { p, generator } });
  }

  #weigh(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | undefined): readonly [y: Tensor, weights: Tensor] {
    let weights = attentionWeights(q, k, mask ? { mask } : {});
    if (this.training && this.dropout > 0) {
      weights = dropWith(weights, weights.shape, this.dropout, this.generator ?? defaultGenerator());
    }
    return [matmul(weights, v), weights];
  }

  #check(q: Tensor, k: Tensor, v: Tensor): void {
    const features = [this.embedDim, this.kProjWeight?.shape[1], this.vProjWeight?.shape[1]];
    const sameRank = (q.rank === 2 || q.rank === 3) && k.rank === q.rank && v.rank === q.rank;
    const sizes = [q, k, v].every((t, i) => t.shape.at(-1) === (features[i] ?? this.embedDim));
    const axis = this.batchFirst ? 0 : 1;
    const sameBatch = q.rank !== 3 || (k.shape[axis] === q.shape[axis] && v.shape[axis] === q.shape[axis]);
    const sameKeys = k.shape.slice(0, -1).join() === v.shape.slice(0, -1).join();
    if (sameRank && sizes && sameBatch && sameKeys) return;
    const [e, kdim = e, vdim = e] = features;
    throw new ShapeError({
      op: "MultiheadAttention",
      expected: this.batchFirst
        ? `query [N, L, ${e}], key [N, S, ${kdim}] and value [N, S, ${vdim}]`
        : `query [L, N, ${e}], key [S, N, ${kdim}] and value [S, N, ${vdim}]`,
      got: [q, k, v].map((t) => formatShape(t.shape)).join(", "),
    });
  }
}
