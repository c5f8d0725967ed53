import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { narrow } from "./narrow.ts";

/**
 * `x` cut along `axis`: into parts of the given sizes, or of one size, the last of which may be smaller.
 * @throws {ShapeError} if the axis is out of range, or the sizes do not add up to its size.
 * @throws {ArgumentError} if a size is no integer >= 0, or the one size is 0 while the axis is not.
 * Source: https://pytorch.org/docs/stable/generated/torch.split.html
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
    return Array.from({ length: parts }, (_, i) => narrow(x, at, i * sizes, Math.min(sizes, size - i * sizes)));
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== size) {
    throw new ShapeError({ op: "split", expected: `sizes that add up to ${size}`, got: formatShape(sizes) });
  }
  let start = 0;
  return sizes.map((length) => {
    start += length;
    return narrow(x, at, start - length, length);
  });
}

/**
 * `x` cut along `axis` into `chunks` parts of one size, of which the last may be smaller, and which may be fewer: 5 slices in
 * 4 parts are 2, 2 and 1.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if `chunks` is no integer > 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.chunk.html
 */
export function chunk(x: Tensor, chunks: number, axis = 0): Tensor[] {
  const at = normalizeAxis("chunk", axis, x.rank);
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new ArgumentError({ op: "chunk", expected: "an integer > 0", got: String(chunks) });
  }
  const size = x.shape[at] as number;
  return split(x, size === 0 ? new Array<number>(chunks).fill(0) : Math.ceil(size / chunks), at);
}
