import { ArgumentError } from "../errors.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { slice } from "./slice.ts";
import { type Sorted, sort } from "./sort.ts";

/** Options of {@link topK}. */
export interface TopKOptions {
  /** Default: the last. */
  readonly axis?: number;
  /** The largest (default), or else the smallest. NaN counts as larger than all numbers. */
  readonly largest?: boolean;
}

/**
 * The `k` largest elements along an axis, largest first, and their int32 indices; of equal ones the first ones.
 *
 * PyTorch's `sorted=False` leaves the order open; here it is always as said.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if there are no k elements.
 * @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.topk.html
 *
 * @example
 * ```ts
 * import { tensor, topK } from "@graftjs/tensor";
 *
 * const { values, indices } = topK(tensor([0.1, 0.7, 0.2]), 2);
 * console.log(values.toNested(), indices.toNested()); // [0.7, 0.2] [1, 2]
 * ```
 */
export function topK(x: Tensor, k: number, options: TopKOptions = {}): Sorted {
  const { axis = -1, largest = true } = options;
  const at = normalizeAxis("topK", axis, x.rank);
  if (!Number.isInteger(k) || k < 0 || k > (x.shape[at] as number)) {
    throw new ArgumentError({ op: "topK", expected: `an integer in [0, ${x.shape[at]}]`, got: String(k) });
  }
  const { values, indices } = sort(x, at, { descending: largest });
  return { values: slice(values, at, 0, k), indices: slice(indices, at, 0, k) };
}
