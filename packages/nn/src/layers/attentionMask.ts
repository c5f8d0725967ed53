import {
  add,
  arange,
  type DType,
  DTypeError,
  formatShape,
  lessEqual,
  logicalAnd,
  logicalNot,
  reshape,
  type Shape,
  ShapeError,
  type Tensor,
  where,
} from "@graftjs/tensor";

/** Where queries may not look, as {@link MultiheadAttention} takes it: of bool, true is forbidden; floats are added to the scores. */
export interface AttentionMasks {
  /** Keys that nobody may attend to, such as padding: [N, S], or [S] without a batch. */
  readonly keyPaddingMask?: Tensor | undefined;
  /** [L, S], or one for each head of each sample, [N · heads, L, S]. */
  readonly attnMask?: Tensor | undefined;
  /** Query i attends to the keys 0 to i alone, besides what the masks say. Default `false`. */
  readonly isCausal?: boolean | undefined;
}

/** How many there are of what. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
}

/**
 * All masks as one that broadcasts to [N, heads, L, S]: of bool, true being allowed, or of floats, to be added.
 * @throws {ShapeError} if one has another shape. @throws {DTypeError} if one is neither bool nor of `dtype`.
 */
export function mergeMasks(masks: AttentionMasks, sizes: AttentionSizes, dtype: DType): Tensor | undefined {
  const { batch, heads, queries, keys } = sizes;
  const { keyPaddingMask, attnMask, isCausal } = masks;
  const parts: Tensor[] = [];
  if (keyPaddingMask) {
    const fits = keyPaddingMask.size === batch * keys && keyPaddingMask.shape.at(-1) === keys;
    if (!fits) throw misfit("keyPaddingMask", `[${batch}, ${keys}]`, keyPaddingMask.shape);
    parts.push(reshape(keyPaddingMask, [batch, 1, 1, keys]));
  }
  if (attnMask) {
    const whole = formatShape(attnMask.shape) === formatShape([queries, keys]);
    const each = formatShape(attnMask.shape) === formatShape([batch * heads, queries, keys]);
    const expected = `[${queries}, ${keys}] or [${batch * heads}, ${queries}, ${keys}]`;
    if (!whole && !each) throw misfit("attnMask", expected, attnMask.shape);
    parts.push(whole ? attnMask : reshape(attnMask, [batch, heads, queries, keys]));
  }
  for (const mask of parts) {
    if (mask.dtype !== "bool" && mask.dtype !== dtype) {
      throw new DTypeError({ op: "MultiheadAttention", expected: `a mask of bool or ${dtype}`, got: mask.dtype });
    }
  }
  const allowed = parts.filter((mask) => mask.dtype === "bool").map((mask) => logicalNot(mask));
  if (isCausal) allowed.push(lessEqual(arange(0, keys), reshape(arange(0, queries), [queries, 1])));
  const permitted = allowed.length > 0 ? allowed.reduce((a, b) => logicalAnd(a, b)) : undefined;
  const added = parts.filter((mask) => mask.dtype !== "bool");
  if (added.length === 0) return permitted;
  const total = added.reduce((a, b) => add(a, b));
  return permitted ? where(permitted, total, Number.NEGATIVE_INFINITY) : total;
}

function misfit(name: string, expected: string, got: Shape): ShapeError {
  return new ShapeError({ op: "MultiheadAttention", expected: `${name} of shape ${expected}`, got: formatShape(got) });
}
