import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { squeeze } from "./reshape.ts";
import { slice } from "./slice.ts";

/**
 * `x` cut along `axis`: into parts of the given sizes, or of one size, the last of which may be smaller.
 * @throws {ShapeError} if the axis is out of range, or the sizes do not add up to its size.
 * @throws {ArgumentError} if a size is no integer >= 0, or the one size is 0 while the axis is not.
 * Source: https://pytorch.org/docs/stable/generated/torch.split.html
 *
 * @example
 * ```ts
 * import { arange, split } from "@graftjs/tensor";
 *
 * console.log(split(arange(5), 2).map((part) => part.toNested())); // [[0, 1], [2, 3], [4]]
 * console.log(split(arange(5), [1, 4]).map((part) => part.toNested())); // [[0], [1, 2, 3, 4]]
 * ```
 */
export function split(x: Tensor, sizes: number | readonly number[], axis = 0): Tensor[] {
  const at = normalizeAxis("split", axis, x.rank);
  const size = x.shape[at] as number;
  const list = typeof sizes === "number" ? [sizes] : sizes;
  if (list.some((s) => !Number.isInteger(s) || s < 0) || (sizes === 0 && size > 0)) {
    const expected = typeof sizes === "number" ? "a size that is an integer > 0" : "sizes that are integers >= 0";
    throw new ArgumentError({ op: "split", expected, got: formatShape(list) });
  }
  if (typeof sizes === "number") {
    const parts = Math.max(1, Math.ceil(size / Math.max(1, sizes)));
    return cut(
      x,
      at,
      Array.from({ length: parts }, (_, i) => Math.min(sizes, size - i * sizes)),
    );
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== size) {
    throw new ShapeError({ op: "split", expected: `sizes that add up to ${size}`, got: formatShape(sizes) });
  }
  return cut(x, at, sizes);
}

/**
 * `x` cut along `axis` into `chunks` parts of one size, of which the last may be smaller, and which may be fewer: 5 slices in
 * 4 parts are 2, 2 and 1.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if `chunks` is no integer > 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.chunk.html
 *
 * @example
 * ```ts
 * import { arange, chunk } from "@graftjs/tensor";
 *
 * console.log(chunk(arange(5), 4).map((part) => part.toNested())); // [[0, 1], [2, 3], [4]]
 * ```
 */
export function chunk(x: Tensor, chunks: number, axis = 0): Tensor[] {
  const at = normalizeAxis("chunk", axis, x.rank);
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new ArgumentError({ op: "chunk", expected: "an integer > 0", got: String(chunks) });
  }
  const size = x.shape[at] as number;
  return split(x, size === 0 ? new Array<number>(chunks).fill(0) : Math.ceil(size / chunks), at);
}

/**
 * All slices along `axis`, one after the other, without that axis.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.unbind.html
 *
 * @example
 * ```ts
 * import { tensor, unbind } from "@graftjs/tensor";
 *
 * console.log(unbind(tensor([[1, 2], [3, 4]]), 1).map((column) => column.toNested())); // [[1, 3], [2, 4]]
 * ```
 */
export function unbind(x: Tensor, axis = 0): Tensor[] {
  const at = normalizeAxis("unbind", axis, x.rank);
  const ones = new Array<number>(x.shape[at] as number).fill(1);
  return cut(x, at, ones).map((part) => squeeze(part, at));
}

/**
 * Parts of the given sizes. Many are cut by halves, since the gradient of a slice is as large as what it was cut from: were
 * all cut from the whole, the gradients of n parts would be n times as large as it.
 */
function cut(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  const length = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  if (sizes.length > 4) {
    const half = sizes.length >> 1;
    const [first, rest] = [sizes.slice(0, half), sizes.slice(half)];
    const middle = length(first);
    return [...cut(slice(x, axis, 0, middle), axis, first), ...cut(slice(x, axis, middle), axis, rest)];
  }
  return sizes.map((size, i) => {
    const start = length(sizes.slice(0, i));
    return slice(x, axis, start, start + size);
  });
}
