import {
  abs,
  add,
  broadcastShapes,
  div,
  equal,
  expand,
  max,
  maximum,
  mul,
  noGrad,
  pow,
  sqrt,
  sub,
  sum,
  type Tensor,
  where,
} from "@graftjs/tensor";

/** Options of {@link pairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** p of the norm; `Infinity` for the largest difference. Default 2. */
  readonly p?: number;
  /** Added to each difference. Default 1e-6. */
  readonly eps?: number;
  /** Whether the last axis stays, with 1. Default `false`. */
  readonly keepDims?: boolean;
}

/**
 * ‖x1 - x2 + eps‖ₚ along the last axis: of [N, D] and [N, D] (or what broadcasts) [N]. The gradient at distance 0 is 0.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html
 *
 * @example
 * ```ts
 * import { pairwiseDistance } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(pairwiseDistance(tensor([[0, 0]]), tensor([[3, 4]])).toNested()); // [5.0000]
 * ```
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6, keepDims = false } = options;
  return norm(add(sub(x1, x2), eps), { p, axis: -1, keepDims });
}

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The axis that vectors lie along. Default 1. */
  readonly axis?: number;
  /** What lengths count for at least. Default 1e-8. */
  readonly eps?: number;
}

/**
 * x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps)) along an axis, which is gone from the result; the shapes broadcast.
 * @throws {ShapeError} if they do not, or there is no such axis.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(cosineSimilarity(tensor([[1, 0], [1, 0]]), tensor([[2, 0], [1, 1]])).toNested()); // [1, 0.7071]
 * ```
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { axis = 1, eps = 1e-8 } = options;
  const shape = broadcastShapes("cosineSimilarity", x1.shape, x2.shape);
  const [a, b] = [expand(x1, shape), expand(x2, shape)];
  return sum(mul(normalized(a, axis, eps), normalized(b, axis, eps)), { axes: axis });
}

/** x / max(‖x‖, eps) along an axis; as in PyTorch's cosine, the bound does not change the gradient of the length. */
export function normalized(x: Tensor, axis: number, eps: number): Tensor {
  const length = norm(x, { p: 2, axis, keepDims: true });
  return div(
    x,
    add(
      length,
      noGrad(() => sub(maximum(length, eps), length)),
    ),
  );
}

function norm(
  x: Tensor,
  { p, axis: axes, keepDims }: { readonly p: number; readonly axis: number; readonly keepDims: boolean },
): Tensor {
  if (p === 1) return sum(abs(x), { axes, keepDims });
  if (p === Number.POSITIVE_INFINITY) return max(abs(x), { axes, keepDims });
  const total = sum(p === 2 ? mul(x, x) : pow(abs(x), p), { axes, keepDims });
  // The root has no slope at 0.
  const none = equal(total, 0);
  const positive = where(none, 1, total);
  return where(none, 0, p === 2 ? sqrt(positive) : pow(positive, 1 / p));
}
