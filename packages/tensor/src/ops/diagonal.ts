import { apply1 } from "../apply.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { padOp } from "./pad.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { sliceOp } from "./slice.ts";

/**
 * The diagonal of two axes, as the last axis of the result. `offset` is how far to the right of the main one it lies; left of
 * it, if negative.
 * @throws {ShapeError} if an axis is out of range, or both are the same. @throws {ArgumentError} if the offset is no integer.
 * Source: https://pytorch.org/docs/stable/generated/torch.diagonal.html
 *
 * @example
 * ```ts
 * import { diagonal, ones, tensor } from "@graftjs/tensor";
 *
 * console.log(diagonal(tensor([[1, 2, 3], [4, 5, 6]]), 1).toNested()); // [2, 6]
 * console.log(diagonal(ones([5, 3, 4]), 0, 1, 2).shape); // [5, 3]
 * ```
 */
export function diagonal(x: Tensor, offset = 0, axis1 = 0, axis2 = 1): Tensor {
  checkOffset("diagonal", offset);
  const [a, b] = [normalizeAxis("diagonal", axis1, x.rank), normalizeAxis("diagonal", axis2, x.rank)];
  if (a === b) throw new ShapeError({ op: "diagonal", expected: "two axes", got: formatShape([axis1, axis2]) });
  const rest = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const [m, n] = [x.shape[a] as number, x.shape[b] as number];
  const outer = rest.map((i) => x.shape[i] as number);
  const length = Math.max(0, Math.min(m + Math.min(0, offset), n - Math.max(0, offset)));
  // In a row of all elements, a diagonal is every (n + 1)-th one.
  const rows = reshape(permute(x, [...rest, a, b]), [...outer, m * n]);
  return apply1(sliceOp, [rows], {
    starts: [...outer.map(() => 0), length === 0 ? 0 : offset >= 0 ? offset : -offset * n],
    sizes: [...outer, length],
    steps: [...outer.map(() => 1), n + 1],
  });
}

/**
 * Matrices [..., n, n] with the vectors [..., k] as diagonals, `offset` to the right of the main one, and 0 elsewhere;
 * n = k + |offset|.
 * @throws {ShapeError} of a scalar. @throws {ArgumentError} if the offset is no integer.
 * Source: https://pytorch.org/docs/stable/generated/torch.diag_embed.html
 *
 * @example
 * ```ts
 * import { diagEmbed, tensor } from "@graftjs/tensor";
 *
 * console.log(diagEmbed(tensor([[1, 2], [3, 4]])).toNested()); // [[[1, 0], [0, 2]], [[3, 0], [0, 4]]]
 * ```
 */
export function diagEmbed(x: Tensor, offset = 0): Tensor {
  checkOffset("diagEmbed", offset);
  const length = x.shape.at(-1);
  if (length === undefined) {
    throw new ShapeError({ op: "diagEmbed", expected: "vectors [..., k]", got: formatShape(x.shape) });
  }
  const n = length + Math.abs(offset);
  const before = offset >= 0 ? offset : -offset * n;
  const spanned = length === 0 ? 0 : length + (length - 1) * n;
  const outer = x.shape.slice(0, -1);
  const flat = apply1(padOp, [x], {
    padding: [...outer.map(() => [0, 0] as const), length === 0 ? [0, n * n] : [before, n * n - before - spanned]],
    interior: [...outer.map(() => 0), n],
    value: 0,
  });
  return reshape(flat, [...outer, n, n]);
}

/**
 * Of a matrix its diagonal; of a vector the matrix that has it as diagonal. `offset` as of {@link diagonal}.
 * @throws {ShapeError} of anything else. @throws {ArgumentError} if the offset is no integer.
 * Source: https://pytorch.org/docs/stable/generated/torch.diag.html
 *
 * @example
 * ```ts
 * import { diag, tensor } from "@graftjs/tensor";
 *
 * console.log(diag(tensor([[1, 2], [3, 4]])).toNested()); // [1, 4]
 * console.log(diag(tensor([1, 2]), 1).toNested()); // [[0, 1, 0], [0, 0, 2], [0, 0, 0]]
 * ```
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.rank === 1) return diagEmbed(x, offset);
  if (x.rank === 2) return diagonal(x, offset);
  throw new ShapeError({ op: "diag", expected: "a vector or a matrix", got: formatShape(x.shape) });
}

function checkOffset(op: string, offset: number): void {
  if (!Number.isInteger(offset)) throw new ArgumentError({ op, expected: "an integer offset", got: String(offset) });
}
