import type { Tensor } from "../tensor.ts";
import { clampMin } from "./clamp.ts";
import { div } from "./div.ts";
import { norm } from "./norm.ts";

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** p of the norm. Default 2. */
  readonly p?: number;
  /** The axis, or axes, that vectors lie along. Default 1. */
  readonly axis?: number | readonly number[];
  /** What a norm counts for at least. Default 1e-12. */
  readonly eps?: number;
}

/**
 * x / max(‖x‖ₚ, eps) along an axis: vectors of length 1.
 * @throws {ShapeError} if there is no such axis. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 *
 * @example
 * ```ts
 * import { normalize, tensor } from "@graftjs/tensor";
 *
 * console.log(normalize(tensor([[3, 4], [0, 0]])).toNested()); // [[0.6, 0.8], [0, 0]]
 * ```
 */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  const { p = 2, axis = 1, eps = 1e-12 } = options;
  return div(x, clampMin(norm(x, p, { axes: axis, keepDims: true }), eps));
}
