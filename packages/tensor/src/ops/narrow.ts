import { ArgumentError } from "../errors.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { squeeze } from "./reshape.ts";
import { slice } from "./slice.ts";

/**
 * The `length` slices along `axis` from `start` on; a negative start counts from the end. Unlike `slice` it does not clip.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if the range is.
 * Source: https://pytorch.org/docs/stable/generated/torch.narrow.html
 *
 * @example
 * ```ts
 * import { narrow, tensor } from "@graftjs/tensor";
 *
 * console.log(narrow(tensor([[1, 2, 3], [4, 5, 6]]), 1, -2, 2).toNested()); // [[2, 3], [5, 6]]
 * ```
 */
export function narrow(x: Tensor, axis: number, start: number, length: number): Tensor {
  const at = normalizeAxis("narrow", axis, x.rank);
  const size = x.shape[at] as number;
  const from = start < 0 ? start + size : start;
  if (!Number.isInteger(from) || !Number.isInteger(length) || from < 0 || length < 0 || from + length > size) {
    throw new ArgumentError({
      op: "narrow",
      expected: `a range inside of the ${size} slices of axis ${at}`,
      got: `start ${start}, length ${length}`,
    });
  }
  return slice(x, at, from, from + length);
}

/**
 * The slice at `index` along `axis`, without that axis; a negative index counts from the end.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if the index is.
 * Source: https://pytorch.org/docs/stable/generated/torch.select.html
 *
 * @example
 * ```ts
 * import { select, tensor } from "@graftjs/tensor";
 *
 * console.log(select(tensor([[1, 2, 3], [4, 5, 6]]), 1, -1).toNested()); // [3, 6]
 * ```
 */
export function select(x: Tensor, axis: number, index: number): Tensor {
  const at = normalizeAxis("select", axis, x.rank);
  const size = x.shape[at] as number;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ArgumentError({ op: "select", expected: `an index in [${-size}, ${size})`, got: String(index) });
  }
  return squeeze(narrow(x, at, index, 1), at);
}
