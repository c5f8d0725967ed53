import { apply1 } from "../apply.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { arange } from "../ranges.ts";
import { normalizeAxis } from "../shape.ts";
import { isTensor, type Tensor, zeros } from "../tensor.ts";
import { concat } from "./concat.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { equal } from "./equal.ts";
import { expand } from "./expand.ts";
import { full } from "./full.ts";
import { checkCorner, checkIndices, corner, forEachIndex, gatherOp } from "./gather.ts";
import { valueFor } from "./maskedFill.ts";
import type { Operand } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { where } from "./where.ts";

export const scatterOp: Op<{ readonly axis: number }> = {
  name: "scatter",
  kind: "kernel",
  infer: ({ axis }, x, indices, source) => {
    checkSameDType("scatter", ["float32", "float64", "int32", "bool"], x.dtype, source?.dtype as never);
    checkIndices("scatter", x, indices as TensorSpec, axis);
    checkIndices("scatter", source as TensorSpec, indices as TensorSpec, -1);
    return oneOutput(x.shape, x);
  },
  // Of sources with equal indices only the last one is there to be seen.
  grad: ({ grad, attrs: { axis }, needs }, _, indices, source) => {
    const nothing = full(source.shape, 0, { dtype: grad.dtype });
    const dx = needs(0) ? apply1(scatterOp, [grad, indices, nothing], { axis }) : null;
    if (!needs(2)) return [dx, null, null];
    const wins = lastOfEqual(indices, axis, grad.shape);
    return [dx, null, where(wins, apply1(gatherOp, [grad, indices], { axis }), 0)];
  },
  reference: ({ attrs: { axis }, output }, x, indices, source) => {
    output.data.set(x.data as never);
    forEachIndex("scatter", indices, axis, x.shape[axis] as number, (i, place) => {
      output.data[place] = source.data[i] as number;
    });
  },
  samples: [
    {
      attrs: { axis: 1 },
      inputs: [[2, 4], { shape: [2, 3], dtype: "int32", values: [3, 0, 1, 1, 3, 2] }, [2, 3]],
    },
    {
      attrs: { axis: 0 },
      inputs: [[4, 2, 2], { shape: [2, 2, 2], dtype: "int32", values: [0, 1, 1, 0, 2, 3, 3, 1] }, [2, 2, 2]],
    },
  ],
};

/** Whether no index after it, along the axis, is equal. */
function lastOfEqual(indices: Tensor, axis: number, shape: readonly number[]): Tensor {
  const count = indices.shape[axis] as number;
  const order = expand(
    reshape(arange(0, count), [count, ...indices.shape.slice(axis + 1).map(() => 1)]),
    indices.shape,
  );
  const last = apply1(scatterOp, [zeros(shape, { dtype: "int32" }), indices, order], { axis });
  return equal(apply1(gatherOp, [last, indices], { axis }), order);
}

/**
 * `x` with sourceᵢⱼₖ in place of what was at [indicesᵢⱼₖ, j, k] for axis 0 of three, at [i, indicesᵢⱼₖ, k] for axis 1, and so
 * on. The int32 `indices` may be smaller than `source`, and than `x` along the other axes. Of equal indices the last one
 * counts, and alone has a gradient (PyTorch leaves open which). Indices outside of [0, size) are an error on the reference
 * device and left out elsewhere.
 * @param source a tensor, or one number for all.
 * @throws {DTypeError} if indices are not int32, or `source` is of another dtype than `x`, or a number that this cannot hold.
 * @throws {ShapeError} if the numbers of axes differ, or the indices are larger than what they go with.
 * Source: https://pytorch.org/docs/stable/generated/torch.scatter.html (which takes the axis before the indices)
 *
 * @example
 * ```ts
 * import { scatter, tensor, zeros } from "@graftjs/tensor";
 *
 * const places = tensor([[2], [0]], undefined, { dtype: "int32" });
 * console.log(scatter(zeros([2, 3]), places, 1, 1).toNested()); // [[0, 0, 1], [1, 0, 0]]
 * console.log(scatter(zeros([2, 3]), places, tensor([[5], [6]]), 1).toNested()); // [[0, 0, 5], [6, 0, 0]]
 * ```
 */
export function scatter(x: Tensor, indices: Tensor, source: Operand, axis: number): Tensor {
  const at = normalizeAxis("scatter", axis, x.rank);
  checkCorner("scatter", x, indices.shape, at);
  const given = valueFor("scatter", x, source);
  const values = isTensor(source) ? corner("scatter", given, indices.shape, -1) : expand(given, indices.shape);
  return scatterInto(x, indices, values, at);
}

/** Writes into the part of `x` that the indices reach to along the other axes. */
function scatterInto(x: Tensor, indices: Tensor, values: Tensor, axis: number): Tensor {
  const cut = indices.shape.findIndex((d, i) => i !== axis && d < (x.shape[i] as number));
  if (cut < 0) return apply1(scatterOp, [x, indices, values], { axis });
  const end = indices.shape[cut] as number;
  return concat([scatterInto(slice(x, cut, 0, end), indices, values, axis), slice(x, cut, end)], cut);
}
