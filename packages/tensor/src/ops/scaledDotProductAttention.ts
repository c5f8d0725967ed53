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

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions {
  /**
   * Broadcasts to [..., L, S]. Bool: which keys a query may attend to; a query that may attend to none gives 0.
   * Float: added to the scores.
   */
  readonly mask?: Tensor;
  /** Query i attends to the keys 0 to i alone. Default `false`; not together with a mask. */
  readonly isCausal?: boolean;
  /** Factor of the scores. Default 1 / √E. */
  readonly scale?: number;
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
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  check(query, key, value, options);
  const { mask, isCausal = false, scale = 1 / Math.sqrt(query.shape.at(-1) as number), dropout } = options;
  // Queries are fewer numbers than scores are.
  const scores = matmul(mul(query, scale), key, { transposeB: true });
  const weights = attend(scores, isCausal ? causal(scores) : undefined, mask);
  if (!dropout || dropout.p === 0) return matmul(weights, value);
  const kept = bernoulli(weights.shape, dropout.generator, 1 - dropout.p);
  return matmul(mul(weights, mul(cast(kept, weights.dtype), 1 / (1 - dropout.p))), value);
}

function attend(scores: Tensor, allowed: Tensor | undefined, mask: Tensor | undefined): Tensor {
  if (allowed) return softmax(where(allowed, scores, Number.NEGATIVE_INFINITY));
  if (!mask) return softmax(scores);
  if (mask.dtype !== "bool") return softmax(add(scores, mask));
  return where(mask, softmax(where(mask, scores, MASKED)), 0);
}

/** [L, S]: whether the key comes no later than the query. */
function causal(scores: Tensor): Tensor {
  const [queries, keys] = scores.shape.slice(-2) as [number, number];
  return greaterEqual(reshape(arange(0, queries), [queries, 1]), arange(0, keys));
}

function check(q: Tensor, k: Tensor, v: Tensor, options: ScaledDotProductAttentionOptions): void {
  const op = "scaledDotProductAttention";
  const fits = q.rank >= 2 && k.rank >= 2 && v.rank >= 2 && q.shape.at(-1) === k.shape.at(-1);
  if (!fits || k.shape.at(-2) !== v.shape.at(-2)) {
    throw new ShapeError({
      op,
      expected: "query [..., L, E], key [..., S, E] and value [..., S, Ev]",
      got: [q, k, v].map((t) => formatShape(t.shape)).join(", "),
    });
  }
  const { mask, isCausal, dropout } = options;
  if (mask && mask.dtype !== "bool" && mask.dtype !== q.dtype) {
    throw new DTypeError({ op, expected: `a mask of bool or ${q.dtype}`, got: mask.dtype });
  }
  if (mask && isCausal) {
    throw new ArgumentError({ op, expected: "a mask or isCausal", got: "both", help: "Make the mask causal itself." });
  }
  if (dropout && !(dropout.p >= 0 && dropout.p < 1)) {
    throw new ArgumentError({ op, expected: "a probability of dropout in [0, 1)", got: String(dropout.p) });
  }
}
