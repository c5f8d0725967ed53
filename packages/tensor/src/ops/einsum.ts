import { isFloat } from "../dtype.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { diagonal } from "./diagonal.ts";
import { parseEquation } from "./einsumEquation.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape, squeeze } from "./reshape.ts";
import { sum } from "./sum.ts";

/** A tensor whose axes have names, all different. */
interface Named {
  readonly x: Tensor;
  readonly axes: readonly string[];
}

/**
 * Sums of products of elements, in Einstein's notation: `"ij,jk->ik"` is the product of matrices. Each letter names an axis;
 * sizes of one letter are equal, or 1. What is not in the output is summed over. A letter twice in one operand means its
 * diagonal, `...` the axes that no letter names, which broadcast. Without `->`, the output has the axes of `...` and then, in
 * alphabetical order, the letters that come once.
 *
 * Operands are contracted from left to right: each pair is a product of matrices, if it shares axes to sum over. PyTorch's
 * form with lists of integers is absent.
 * @throws {ArgumentError} if the equation is malformed, or does not name as many operands as there are.
 * @throws {ShapeError} if an operand has other axes than the equation says, or sizes of one letter differ.
 * @throws {DTypeError} if dtypes differ.
 * Source: https://pytorch.org/docs/stable/generated/torch.einsum.html
 *
 * @example
 * ```ts
 * import { einsum, ones, tensor } from "@graftjs/tensor";
 *
 * const [a, b] = [tensor([[1, 2], [3, 4]]), tensor([[5, 6], [7, 8]])];
 * console.log(einsum("ij,jk->ik", a, b).toNested()); // [[19, 22], [43, 50]]
 * console.log(einsum("ii", a).item(), einsum("ij->j", a).toNested()); // 5 [4, 6]
 * console.log(einsum("bhqd,bhkd->bhqk", ones([2, 4, 5, 8]), ones([2, 4, 7, 8])).shape); // [2, 4, 5, 7]
 * ```
 */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  const { operands, output } = parseEquation(
    equation,
    tensors.map((t) => t.rank),
  );
  const sizes = sizesOf(equation, operands, tensors);
  const named = tensors.map((t, i) => dropBroadcast(takeDiagonals(t, operands[i] as readonly string[]), sizes));
  const missing = output.find((axis) => !sizes.has(axis));
  if (missing !== undefined || named.length === 0) {
    const got = missing === undefined ? "none" : `"${missing}" in the output of "${equation}" alone`;
    throw new ArgumentError({ op: "einsum", expected: "axes of operands", got });
  }
  let [result, ...rest] = named as [Named, ...Named[]];
  for (const [i, next] of rest.entries()) {
    const later = new Set([...output, ...rest.slice(i + 1).flatMap((t) => t.axes)]);
    result = contract(
      sumOut(result, (a) => later.has(a) || next.axes.includes(a)),
      next,
      later,
    );
  }
  const { x, axes } = sumOut(result, (a) => output.includes(a));
  return permute(
    x,
    output.map((a) => axes.indexOf(a)),
  );
}

function sizesOf(
  equation: string,
  operands: readonly (readonly string[])[],
  tensors: readonly Tensor[],
): Map<string, number> {
  const sizes = new Map<string, number>();
  operands.forEach((axes, i) => {
    axes.forEach((axis, k) => {
      const size = tensors[i]?.shape[k] as number;
      const known = sizes.get(axis) ?? 1;
      if (known !== size && known !== 1 && size !== 1) {
        const got = tensors.map((t) => formatShape(t.shape)).join(", ");
        throw new ShapeError({ op: "einsum", expected: `one size for "${axis}" of "${equation}", or 1`, got });
      }
      sizes.set(axis, known === 1 ? size : known);
    });
  });
  return sizes;
}

/** Where a letter comes twice, the diagonal; a size of 1 beside another one is stretched by what follows. */
function takeDiagonals(x: Tensor, axes: readonly string[]): Named {
  const second = axes.findIndex((a, i) => axes.indexOf(a) < i);
  if (second < 0) return { x, axes };
  const axis = axes[second] as string;
  const first = axes.indexOf(axis);
  const rest = axes.filter((_, i) => i !== first && i !== second);
  if (x.shape[first] === x.shape[second]) return takeDiagonals(diagonal(x, 0, first, second), [...rest, axis]);
  const stretched = x.shape[first] === 1 ? first : second;
  return takeDiagonals(
    squeeze(x, stretched),
    axes.filter((_, i) => i !== stretched),
  );
}

/** Without the axes of size 1 that stand for a larger one of another operand: they take part in products by themselves. */
function dropBroadcast({ x, axes }: Named, sizes: ReadonlyMap<string, number>): Named {
  const drop = axes.flatMap((a, i) => (x.shape[i] === 1 && sizes.get(a) !== 1 ? [i] : []));
  return { x: drop.length > 0 ? squeeze(x, drop) : x, axes: axes.filter((_, i) => !drop.includes(i)) };
}

function sumOut({ x, axes }: Named, keep: (axis: string) => boolean): Named {
  const gone = axes.flatMap((a, i) => (keep(a) ? [] : [i]));
  return { x: gone.length > 0 ? sum(x, { axes: gone }) : x, axes: axes.filter(keep) };
}

/** The product of two operands, summed over the axes that neither the output nor a later operand has. */
function contract(a: Named, b: Named, later: ReadonlySet<string>): Named {
  const right = sumOut(b, (axis) => later.has(axis) || a.axes.includes(axis));
  const shared = a.axes.filter((axis) => right.axes.includes(axis));
  const batch = shared.filter((axis) => later.has(axis));
  const summed = shared.filter((axis) => !later.has(axis));
  const freeA = a.axes.filter((axis) => !shared.includes(axis));
  const freeB = right.axes.filter((axis) => !shared.includes(axis));
  const axes = [...batch, ...freeA, ...freeB];
  if (summed.length === 0 || !isFloat(a.x.dtype)) {
    const all = [...axes, ...summed];
    return sumOut({ x: mul(align(a, all), align(right, all)), axes: all }, (axis) => axes.includes(axis));
  }
  const left = matrices(a, batch, freeA, summed);
  const other = matrices(right, batch, freeB, summed);
  const x = matmul(left.x, other.x, { transposeA: left.transposed, transposeB: !other.transposed });
  const size = (axis: string): number =>
    a.x.shape[a.axes.indexOf(axis)] ?? (right.x.shape[right.axes.indexOf(axis)] as number);
  return { x: reshape(x, axes.map(size)), axes };
}

/** Matrices [...batch, free, summed], or, without being moved, [...batch, summed, free]. */
function matrices(
  { x, axes }: Named,
  batch: readonly string[],
  free: readonly string[],
  summed: readonly string[],
): { readonly x: Tensor; readonly transposed: boolean } {
  const transposed = axes.join() === [...batch, ...summed, ...free].join() && free.length > 0;
  const order = transposed ? axes : [...batch, ...free, ...summed];
  const size = (list: readonly string[]): number[] => list.map((a) => x.shape[axes.indexOf(a)] as number);
  const moved = permute(
    x,
    order.map((a) => axes.indexOf(a)),
  );
  const pair = [numel(size(free)), numel(size(summed))];
  return { x: reshape(moved, [...size(batch), ...(transposed ? pair.toReversed() : pair)]), transposed };
}

/** With the given axes, of size 1 where it had none, in their order. */
function align({ x, axes }: Named, all: readonly string[]): Tensor {
  const present = all.filter((a) => axes.includes(a));
  const moved = permute(
    x,
    present.map((a) => axes.indexOf(a)),
  );
  return reshape(
    moved,
    all.map((a) => (axes.includes(a) ? (x.shape[axes.indexOf(a)] as number) : 1)),
  );
}
