import {
  add,
  arange,
  cast,
  concat,
  full,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  matmul,
  mul,
  permute,
  repeatInterleave,
  reshape,
  ShapeError,
  softmax,
  sub,
  type Tensor,
  tanh,
  where,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, type Inputs, ignored, int, type Operator } from "../operator.ts";
import { splitHeads } from "./heads.ts";

/** Stands for -∞ where a whole row may be masked: its softmax is then still finite, and so is its gradient. */
const MASKED = -1e30;

/**
 * softmax(softcap(query · keyᵀ · scale) + bias) · value for each head; query heads share those of keys and values evenly. A
 * query that may attend to no key gives 0. Softmax is computed in float32, whatever `softmax_precision` says.
 *
 * Inputs [N, heads, L, E] or [N, L, heads · E]. Outputs: the result in the same layout, keys and values with the past ones
 * before them, and scores [N, heads, L, S] as of `qk_matmul_output_mode`.
 * https://onnx.ai/onnx/operators/onnx__Attention.html
 */
export const attentionOperator: Operator = defineOperator({
  opType: "Attention",
  since: [23, 24, 25],
  attributes: {
    is_causal: int(0),
    scale: float(undefined),
    q_num_heads: int(undefined),
    kv_num_heads: int(undefined),
    softmax_precision: ignored(),
    softcap: float(0),
    qk_matmul_output_mode: int(0),
    left_window_size: int(-1),
    right_window_size: int(-1),
  },
  import: ({ attributes, reject }) => {
    const { scale, softcap, q_num_heads: queryHeads, kv_num_heads: keyHeads, qk_matmul_output_mode: mode } = attributes;
    if (![0, 1, 2, 3].includes(mode)) reject(`qk_matmul_output_mode ${mode}`);
    if (attributes.left_window_size < -1 || attributes.right_window_size < -1) reject("a window of negative size");
    return (inputs) => {
      const query = byHead(inputs.tensor(0), queryHeads);
      const key = withPast(inputs, 4, byHead(inputs.tensor(1), keyHeads));
      const value = withPast(inputs, 5, byHead(inputs.tensor(2), keyHeads));
      const [batch, heads, length, features] = query.shape as [number, number, number, number];
      const total = key.shape[2] as number;
      const shared = heads / (key.shape[1] as number);
      if (!Number.isInteger(shared)) {
        const got = `${heads} and ${key.shape[1]}`;
        throw new ShapeError({
          op: "Attention",
          expected: "heads of queries that are a multiple of those of keys",
          got,
        });
      }
      const spread = (t: Tensor): Tensor => (shared === 1 ? t : repeatInterleave(t, shared, 1));
      const scores = matmul(mul(query, scale ?? 1 / Math.sqrt(features)), spread(key), { transposeB: true });
      const capped = softcap > 0 ? mul(tanh(mul(scores, 1 / softcap)), softcap) : scores;
      const { bias, allowed } = masks(inputs, length, total, attributes);
      const biased = bias ? add(capped, bias) : capped;
      const weights = allowed ? where(allowed, softmax(where(allowed, biased, MASKED)), 0) : softmax(biased);
      const attended = matmul(weights, spread(value));
      const y =
        inputs.shape(0).length === 4
          ? attended
          : reshape(permute(attended, [0, 2, 1, 3]), [batch, length, heads * (value.shape[3] as number)]);
      const shown = [scores, capped, allowed ? where(allowed, biased, Number.NEGATIVE_INFINITY) : biased, weights];
      return [y, key, value, shown[mode] as Tensor];
    };
  },
});

/** [N, L, heads · E] as [N, heads, L, E]; four axes stay as they are. */
function byHead(x: Tensor, heads: number | undefined): Tensor {
  return x.rank === 4 ? x : permute(splitHeads("Attention", x, heads), [0, 2, 1, 3]);
}

/** What input `i` remembers, and after it what came now, along the sequence. */
function withPast(inputs: Inputs, i: number, now: Tensor): Tensor {
  return inputs.has(i) ? concat([inputs.tensor(i), now], 2) : now;
}

interface MaskAttributes {
  readonly is_causal: number;
  readonly left_window_size: number;
  readonly right_window_size: number;
}

/** What is added to scores, and which keys each query may attend to; both broadcast to [N, heads, length, total]. */
function masks(
  inputs: Inputs,
  length: number,
  total: number,
  { is_causal, left_window_size: left, right_window_size: right }: MaskAttributes,
): { readonly bias: Tensor | undefined; readonly allowed: Tensor | undefined } {
  const rules: Tensor[] = [];
  let bias: Tensor | undefined;
  if (inputs.has(3)) {
    const mask = paddedMask(inputs.tensor(3), total);
    if (mask.dtype !== "bool") bias = cast(mask, "float32");
    rules.push(bias ? greater(bias, Number.NEGATIVE_INFINITY) : mask);
  }
  checkFill("Attention", [length, total]);
  const keys = arange(0, total);
  const lengths = inputs.has(6) ? reshape(inputs.tensor(6), [-1, 1, 1, 1]) : undefined;
  if (lengths) rules.push(less(keys, lengths));
  if (is_causal !== 0 || left >= 0 || right >= 0) {
    // How many keys come before the first query: those of the past, or what a cache is filled with beyond the queries.
    const before = lengths ? sub(lengths, length) : inputs.has(4) ? (inputs.shape(4)[2] as number) : 0;
    const places = add(reshape(arange(0, length), [length, 1]), before);
    if (is_causal !== 0) rules.push(lessEqual(keys, places));
    if (left >= 0) rules.push(greaterEqual(keys, sub(places, left)));
    if (right >= 0) rules.push(lessEqual(keys, add(places, right)));
  }
  return { bias, allowed: rules.length > 0 ? rules.reduce(logicalAnd) : undefined };
}

/** A mask whose last axis is shorter than the keys excludes the others. */
function paddedMask(mask: Tensor, total: number): Tensor {
  const missing = total - (mask.shape.at(-1) as number);
  if (missing <= 0) return mask;
  const { dtype } = mask;
  const excluded = dtype === "bool" ? 0 : Number.NEGATIVE_INFINITY;
  return concat([mask, full([...mask.shape.slice(0, -1), missing], excluded, { dtype })], -1);
}
