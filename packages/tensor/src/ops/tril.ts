import { ShapeError } from "../errors.ts";
import { arange } from "../ranges.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { lessEqual } from "./lessEqual.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/**
 * The lower triangle of the matrices [..., m, n]: what lies above the diagonal becomes 0. `diagonal` is how far to the right
 * of the main one that diagonal lies; left of it, if negative.
 * @throws {ShapeError} if `x` has no two axes.
 * Source: https://pytorch.org/docs/stable/generated/torch.tril.html
 *
 * @example
 * ```ts
 * import { ones, tril } from "@graftjs/tensor";
 *
 * console.log(tril(ones([3, 3])).toNested()); // [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
 * ```
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  const { rows, columns } = places("tril", x, diagonal);
  return where(lessEqual(columns, rows), x, 0);
}

/**
 * The upper triangle of the matrices [..., m, n]: what lies below the diagonal becomes 0. `diagonal` as of {@link tril}.
 * @throws {ShapeError} if `x` has no two axes.
 * Source: https://pytorch.org/docs/stable/generated/torch.triu.html
 *
 * @example
 * ```ts
 * import { ones, triu } from "@graftjs/tensor";
 *
 * console.log(triu(ones([3, 3]), 1).toNested()); // [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
 * ```
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  const { rows, columns } = places("triu", x, diagonal);
  return where(greaterEqual(columns, rows), x, 0);
}

/** The column of each element, [n], and the column in which the diagonal crosses its row, [m, 1]. */
function places(op: string, { shape }: Tensor, diagonal: number): { rows: Tensor; columns: Tensor } {
  const [m, n] = shape.slice(-2);
  if (m === undefined || n === undefined) {
    throw new ShapeError({ op, expected: "matrices [..., m, n]", got: formatShape(shape) });
  }
  return { rows: reshape(arange(diagonal, diagonal + m), [m, 1]), columns: arange(0, n) };
}
