import { type Dropout, defaultGenerator } from "@graftjs/nn";
import { permute, reshape, scaledDotProductAttention, type Tensor } from "@graftjs/tensor";

export interface AttentionOptions {
  /** Added to the scores before softmax; broadcast to [N, heads, T, T]. */
  readonly mask?: Tensor | null;
  /** Applied to the attention weights. */
  readonly dropout: Dropout;
}

/** {@link scaledDotProductAttention} of each head, [N, heads, T, size], with dropout as a layer. */
export function attention(q: Tensor, k: Tensor, v: Tensor, { mask, dropout }: AttentionOptions): Tensor {
  const drop = dropout.training && dropout.p > 0;
  return scaledDotProductAttention(q, k, v, {
    ...(mask && { mask }),
    ...(drop && { dropout: { p: dropout.p, generator: dropout.generator ?? defaultGenerator() } }),
  });
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
