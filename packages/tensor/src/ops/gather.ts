import { apply1 } from "../apply.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { NDArray, Op } from "../op.ts";
import { broadcastShapes, formatShape, normalizeAxis, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { expand } from "./expand.ts";
import { scatterAddOp } from "./scatterAdd.ts";
import { slice } from "./slice.ts";

export const gatherOp: Op<{ readonly axis: number }> = {
  name: "gather",
  kind: "kernel",
  infer: ({ axis }, x, indices) => {
    checkIndices("gather", x, indices as TensorSpec, axis);
    return oneOutput((indices as TensorSpec).shape, x);
  },
  grad: ({ grad, attrs: { axis } }, x, indices) => [
    apply1(scatterAddOp, [grad, indices], { axis, size: x.shape[axis] as number }),
    null,
  ],
  reference: ({ attrs: { axis }, output }, x, indices) => {
    forEachIndex("gather", indices, axis, x.shape[axis] as number, (i, place) => {
      output.data[i] = x.data[place] as number;
    });
  },
  samples: [
    {
      attrs: { axis: 1 },
      inputs: [[2, 4], { shape: [2, 3], dtype: "int32", values: [3, 0, 0, 1, 1, 2] }],
    },
    {
      attrs: { axis: 0 },
      inputs: [
        [2, 3, 2],
        { shape: [3, 3, 2], dtype: "int32", values: [0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1] },
      ],
    },
  ],
};

/** @throws {DTypeError | ShapeError} unless the indices are int32 and have the shape of `x`, but for `axis`, if it has one. */
export function checkIndices(op: string, x: TensorSpec, indices: TensorSpec, axis: number): void {
  if (indices.dtype !== "int32") throw new DTypeError({ op, expected: "int32 indices", got: indices.dtype });
  if (indices.shape.length !== x.shape.length || indices.shape.some((d, i) => i !== axis && d !== x.shape[i])) {
    const expected = `indices of the shape ${formatShape(x.shape)}${butFor(axis)}`;
    throw new ShapeError({ op, expected, got: formatShape(indices.shape) });
  }
}

function butFor(axis: number): string {
  return axis < 0 ? "" : ` but for axis ${axis}`;
}

/** Calls `visit` with the place of each index, in row-major order, and the place that it names in an array of `size` slices. */
export function forEachIndex(
  op: string,
  indices: NDArray,
  axis: number,
  size: number,
  visit: (i: number, place: number) => void,
): void {
  const inner = numel(indices.shape.slice(axis + 1));
  const row = inner * (indices.shape[axis] as number);
  for (let i = 0; i < indices.data.length; i++) {
    const index = indices.data[i] as number;
    if (index < 0 || index >= size) {
      throw new ArgumentError({ op, expected: `indices in [0, ${size})`, got: String(index) });
    }
    visit(i, (Math.floor(i / row) * size + index) * inner + (i % inner));
  }
}

/** @throws {ShapeError} unless indices of `shape` fit into `x`, but for `axis`, if it has one. */
export function checkCorner(op: string, x: TensorSpec, shape: Shape, axis: number): void {
  if (shape.length === x.shape.length && shape.every((d, i) => i === axis || d <= (x.shape[i] as number))) return;
  const expected = `indices no larger than ${formatShape(x.shape)}${butFor(axis)}`;
  throw new ShapeError({ op, expected, got: formatShape(shape) });
}

/** The part of `x` from index 0 of each axis on that is as large as `shape`, but for `axis`. */
export function corner(op: string, x: Tensor, shape: Shape, axis: number): Tensor {
  checkCorner(op, x, shape, axis);
  return shape.reduce((y, d, i) => (i === axis ? y : slice(y, i, 0, d)), x);
}

/**
 * yᵢⱼₖ = x[indicesᵢⱼₖ, j, k] for axis 0 of three, x[i, indicesᵢⱼₖ, k] for axis 1, and so on; of the shape of the int32
 * `indices`, which may be smaller than `x` along the other axes. Indices outside of [0, size) are an error on the reference
 * device and read as 0 elsewhere. The gradient adds up in one order, so it is the same in each run.
 * @throws {DTypeError} if indices are not int32.
 * @throws {ShapeError} if they have another number of axes than `x`, or are larger along another axis than `axis`.
 * Source: https://pytorch.org/docs/stable/generated/torch.gather.html (which takes the axis before the indices)
 *
 * @example
 * ```ts
 * import { gather, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * console.log(gather(x, tensor([[2, 0], [1, 1]], undefined, { dtype: "int32" }), 1).toNested()); // [[3, 1], [5, 5]]
 * ```
 */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = normalizeAxis("gather", axis, x.rank);
  return apply1(gatherOp, [corner("gather", x, indices.shape, at), indices], { axis: at });
}

/**
 * {@link gather}, after `x` and `indices` were broadcast together along the other axes.
 * @throws {DTypeError} if indices are not int32. @throws {ShapeError} if the numbers of axes differ, or do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.take_along_dim.html
 *
 * @example
 * ```ts
 * import { argsort, takeAlongAxis, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[30, 10, 20], [50, 60, 40]]);
 * console.log(takeAlongAxis(x, argsort(x), 1).toNested()); // [[10, 20, 30], [40, 50, 60]]
 * ```
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = normalizeAxis("takeAlongAxis", axis, x.rank);
  if (indices.rank !== x.rank) {
    throw new ShapeError({
      op: "takeAlongAxis",
      expected: `indices with ${x.rank} axes`,
      got: formatShape(indices.shape),
    });
  }
  const without = (shape: Shape): number[] => shape.map((d, i) => (i === at ? 1 : d));
  const common = broadcastShapes("takeAlongAxis", without(x.shape), without(indices.shape));
  const spread = (t: Tensor): Tensor =>
    expand(
      t,
      common.map((d, i) => (i === at ? (t.shape[i] as number) : d)),
    );
  return gather(spread(x), spread(indices), at);
}
