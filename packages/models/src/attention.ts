import type { Dropout } from "@graftjs/nn";
import { add, matmul, mul, permute, reshape, softmax, type Tensor } from "@graftjs/tensor";

export interface AttentionOptions {
  /** Added to the scores before softmax; broadcast to [N, heads, T, T]. */
  readonly mask?: Tensor | null;
  /** Applied to the attention weights. */
  readonly dropout?: Dropout;
}

/**
 * softmax(q · kᵀ / √size + mask) · v, for each head: q, k and v are [N, heads, T, size].
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const scores = matmul(mul(q, 1 / Math.sqrt(q.shape.at(-1) as number)), k, { transposeB: true });
  const weights = softmax(options.mask ? add(scores, options.mask) : scores);
  return matmul(options.dropout ? options.dropout.forward(weights) : weights, v);
}

/** [N, T, heads · size] to [N, heads, T, size]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [n, t, d] = x.shape as [number, number, number];
  return permute(reshape(x, [n, t, heads, d / heads]), [0, 2, 1, 3]);
}

/** [N, heads, T, size] to [N, T, heads · size]. */
export function mergeHeads(x: Tensor): Tensor {
  const [n, heads, t, size] = x.shape as [number, number, number, number];
  return reshape(permute(x, [0, 2, 1, 3]), [n, t, heads * size]);
}
