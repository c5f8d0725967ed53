import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import { bernoulli, type Generator } from "../random.ts";
import { arange } from "../ranges.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { cast } from "./cast.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { softmax } from "./softmax.ts";
import { where } from "./where.ts";

/** Options of {@link attentionWeights}. */
export interface AttentionWeightsOptions {
  /**
   * Broadcasts to [..., L, S]. Bool: which keys a query may attend to; a query that may attend to none gives 0.
   * Float: added to the scores.
   */
  readonly mask?: Tensor;
  /** Query i attends to the keys 0 to i alone. Default `false`; not together with a mask. */
  readonly isCausal?: boolean;
  /** Factor of the scores. Default 1 / √E. */
  readonly scale?: number;
}

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions extends AttentionWeightsOptions {
  /** Each weight is dropped with probability `p`, and multiplied by 1 / (1 - p) otherwise. Default: none is. */
  readonly dropout?: { readonly p: number; readonly generator: Generator };
}

/** Stands for -∞ where a whole row may be masked: its softmax is then still finite, and so is its gradient. */
const MASKED = -1e30;

/**
 * softmax(query · keyᵀ · scale) · value, for each head and image of the leading axes, which broadcast.
 * @param query [..., L, E] @param key [..., S, E] @param value [..., S, Ev]
 * @returns [..., L, Ev]
 * @throws {ShapeError} if the shapes do not fit. @throws {DTypeError} if not float, or the mask neither bool nor float.
 * @throws {ArgumentError} if there is a mask and `isCausal`, or p is outside of [0, 1).
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
 *
 * @example
 * ```ts
 * import { ones, scaledDotProductAttention, tensor } from "@graftjs/tensor";
 *
 * const [query, key, value] = [ones([2, 4, 5, 8]), ones([2, 4, 7, 8]), ones([2, 4, 7, 16])];
 * console.log(scaledDotProductAttention(query, key, value).shape); // [2, 4, 5, 16]
 * const values = tensor([[10], [20], [30]]);
 * const equals = ones([3, 2]);
 * console.log(scaledDotProductAttention(equals, equals, values, { isCausal: true }).toNested()); // [[10], [15], [20]]
 * ```
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  check("scaledDotProductAttention", query, key, options, value);
  const { dropout } = options;
  if (dropout && !(dropout.p >= 0 && dropout.p < 1)) {
    const expected = "a probability of dropout in [0, 1)";
    throw new ArgumentError({ op: "scaledDotProductAttention", expected, got: String(dropout.p) });
  }
  const weights = weigh(query, key, options);
  if (!dropout || dropout.p === 0) return matmul(weights, value);
  const kept = bernoulli(weights.shape, dropout.generator, 1 - dropout.p);
  return matmul(mul(weights, mul(cast(kept, weights.dtype), 1 / (1 - dropout.p))), value);
}

/**
 * How much each query attends to each key, softmax(query · keyᵀ · scale): what {@link scaledDotProductAttention} multiplies
 * the values by, for layers that return it.
 * @param query [..., L, E] @param key [..., S, E]
 * @returns [..., L, S], at least 0; each row adds up to 1, or is 0 where a query may attend to no key
 * @throws {ShapeError} if the shapes do not fit. @throws {DTypeError} if not float, or the mask neither bool nor float.
 * @throws {ArgumentError} if there is a mask and `isCausal`.
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
 *
 * @example
 * ```ts
 * import { attentionWeights, tensor } from "@graftjs/tensor";
 *
 * const tokens = tensor([[1, 0], [0, 1]]);
 * console.log(attentionWeights(tokens, tokens, { scale: 1 }).toNested()); // [[0.7311, 0.2689], [0.2689, 0.7311]]
 * console.log(attentionWeights(tokens, tokens, { isCausal: true, scale: 1 }).toNested()); // [[1, 0], [0.2689, 0.7311]]
 * ```
 */
export function attentionWeights(query: Tensor, key: Tensor, options: AttentionWeightsOptions = {}): Tensor {
  check("attentionWeights", query, key, options);
  return weigh(query, key, options);
}

function weigh(query: Tensor, key: Tensor, options: AttentionWeightsOptions): Tensor {
  const { mask, isCausal = false, scale = 1 / Math.sqrt(query.shape.at(-1) as number) } = options;
  // Queries are fewer numbers than scores are.
  const scores = matmul(mul(query, scale), key, { transposeB: true });
  if (isCausal) return softmax(where(causal(scores), scores, Number.NEGATIVE_INFINITY));
  if (!mask) return softmax(scores);
  if (mask.dtype !== "bool") return softmax(add(scores, mask));
  return where(mask, softmax(where(mask, scores, MASKED)), 0);
}

/** [L, S]: whether the key comes no later than the query. */
function causal(scores: Tensor): Tensor {
  const [queries, keys] = scores.shape.slice(-2) as [number, number];
  return greaterEqual(reshape(arange(0, queries), [queries, 1]), arange(0, keys));
}

function check(op: string, query: Tensor, key: Tensor, options: AttentionWeightsOptions, value?: Tensor): void {
  const given = value ? [query, key, value] : [query, key];
  const fits = given.every((t) => t.rank >= 2) && query.shape.at(-1) === key.shape.at(-1);
  if (!fits || (value && key.shape.at(-2) !== value.shape.at(-2))) {
    const expected = value
      ? "query [..., L, E], key [..., S, E] and value [..., S, Ev]"
      : "query [..., L, E] and key [..., S, E]";
    throw new ShapeError({ op, expected, got: given.map((t) => formatShape(t.shape)).join(", ") });
  }
  const { mask, isCausal } = options;
  if (mask && mask.dtype !== "bool" && mask.dtype !== query.dtype) {
    throw new DTypeError({ op, expected: `a mask of bool or ${query.dtype}`, got: mask.dtype });
  }
  if (mask && isCausal) {
    throw new ArgumentError({ op, expected: "a mask or isCausal", got: "both", help: "Make the mask causal itself." });
  }
}
