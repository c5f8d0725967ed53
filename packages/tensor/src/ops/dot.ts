import { ShapeError } from "../errors.ts";
import { equalShapes, formatShape, normalizeAxis, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape, unsqueeze } from "./reshape.ts";

/**
 * Σ aᵢ · bᵢ of two vectors, a scalar.
 * @throws {ShapeError} if they are no vectors of one length. @throws {DTypeError} if not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.dot.html
 *
 * @example
 * ```ts
 * import { dot, tensor } from "@graftjs/tensor";
 *
 * console.log(dot(tensor([1, 2, 3]), tensor([4, 5, 6])).item()); // 32
 * ```
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || !equalShapes(a.shape, b.shape)) {
    throw new ShapeError({ op: "dot", expected: "two vectors of one length", got: both(a, b) });
  }
  return matmul(a, b);
}

/**
 * yᵢⱼ = aᵢ · bⱼ of two vectors.
 * @throws {ShapeError} if one is no vector.
 * Source: https://pytorch.org/docs/stable/generated/torch.outer.html
 *
 * @example
 * ```ts
 * import { outer, tensor } from "@graftjs/tensor";
 *
 * console.log(outer(tensor([1, 2]), tensor([3, 4, 5])).toNested()); // [[3, 4, 5], [6, 8, 10]]
 * ```
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1) throw new ShapeError({ op: "outer", expected: "two vectors", got: both(a, b) });
  return mul(unsqueeze(a, 1), b);
}

/**
 * Σ over axes of `a` and as many of `b`: the last `axes` of `a` and the first of `b`, or those listed for each. What remains
 * of `a` comes before what remains of `b`.
 * @throws {ShapeError} if an axis is out of range, or sizes differ. @throws {DTypeError} if not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.tensordot.html
 *
 * @example
 * ```ts
 * import { ones, tensordot } from "@graftjs/tensor";
 *
 * console.log(tensordot(ones([2, 3, 4]), ones([3, 4, 5])).shape); // [2, 5]
 * console.log(tensordot(ones([2, 3, 4]), ones([4, 2, 5]), [[0, 2], [1, 0]]).shape); // [3, 5]
 * ```
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  axes: number | readonly [ofA: readonly number[], ofB: readonly number[]] = 2,
): Tensor {
  const lists =
    typeof axes === "number"
      ? [Array.from({ length: axes }, (_, i) => a.rank - axes + i), Array.from({ length: axes }, (_, i) => i)]
      : axes;
  const normalize = (list: readonly number[], t: Tensor): number[] =>
    list.map((axis) => normalizeAxis("tensordot", axis, t.rank));
  const [ofA, ofB] = [normalize(lists[0] as readonly number[], a), normalize(lists[1] as readonly number[], b)];
  const summed = ofA.map((i) => a.shape[i] as number);
  if (
    !equalShapes(
      summed,
      ofB.map((i) => b.shape[i] as number),
    )
  ) {
    throw new ShapeError({
      op: "tensordot",
      expected: "equal sizes of the axes to sum over",
      got: `axes ${formatShape(ofA)} of ${formatShape(a.shape)} and ${formatShape(ofB)} of ${formatShape(b.shape)}`,
    });
  }
  const [freeA, freeB] = [others(a, ofA), others(b, ofB)];
  const [m, n] = [freeA.map((i) => a.shape[i] as number), freeB.map((i) => b.shape[i] as number)];
  const rows = reshape(permute(a, [...freeA, ...ofA]), [numel(m), numel(summed)]);
  const columns = reshape(permute(b, [...ofB, ...freeB]), [numel(summed), numel(n)]);
  return reshape(matmul(rows, columns), [...m, ...n]);
}

function others(t: Tensor, axes: readonly number[]): number[] {
  return t.shape.map((_, i) => i).filter((i) => !axes.includes(i));
}

function both(a: Tensor, b: Tensor): string {
  return `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
}
