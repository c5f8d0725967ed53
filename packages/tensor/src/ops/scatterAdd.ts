import { apply1 } from "../apply.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { checkShape, equalShapes, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { checkCorner, checkIndices, corner, forEachIndex, gatherOp } from "./gather.ts";
import { pad } from "./pad.ts";

export const scatterAddOp: Op<{ readonly axis: number; readonly size: number }> = {
  name: "scatterAdd",
  kind: "kernel",
  infer: ({ axis, size }, source, indices) => {
    checkSameDType("scatterAdd", ["float32", "float64", "int32"], source.dtype);
    checkIndices("scatterAdd", source, indices as TensorSpec, -1);
    checkShape("scatterAdd", [size]);
    return oneOutput(
      source.shape.map((d, i) => (i === axis ? size : d)),
      source,
    );
  },
  grad: ({ grad, attrs: { axis } }, _, indices) => [apply1(gatherOp, [grad, indices], { axis }), null],
  reference: ({ attrs: { axis, size }, output }, source, indices) => {
    forEachIndex("scatterAdd", indices, axis, size, (i, place) => {
      output.data[place] = (output.data[place] as number) + (source.data[i] as number);
    });
  },
  samples: [
    {
      attrs: { axis: 1, size: 4 },
      inputs: [[2, 3], { shape: [2, 3], dtype: "int32", values: [3, 0, 0, 1, 1, 2] }],
    },
    {
      attrs: { axis: 0, size: 2 },
      inputs: [[3, 2, 2], { shape: [3, 2, 2], dtype: "int32", values: [0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1] }],
    },
  ],
};

/**
 * `x` with sourceᵢⱼₖ added at [indicesᵢⱼₖ, j, k] for axis 0 of three, at [i, indicesᵢⱼₖ, k] for axis 1, and so on. The int32
 * `indices` may be smaller than `source`, and than `x` along the other axes. Equal indices add up, in row-major order, so that
 * the result is the same in each run. Indices outside of [0, size) are an error on the reference device and left out elsewhere.
 * @throws {DTypeError} if indices are not int32, or the dtypes of `x` and `source` differ.
 * @throws {ShapeError} if the numbers of axes differ, or the indices are larger than what they go with.
 * Source: https://pytorch.org/docs/stable/generated/torch.scatter_add.html (which takes the axis before the indices)
 *
 * @example
 * ```ts
 * import { scatterAdd, tensor } from "@graftjs/tensor";
 *
 * const places = tensor([0, 2, 0], undefined, { dtype: "int32" });
 * console.log(scatterAdd(tensor([10, 10, 10]), places, tensor([1, 2, 3]), 0).toNested()); // [14, 10, 12]
 * ```
 */
export function scatterAdd(x: Tensor, indices: Tensor, source: Tensor, axis: number): Tensor {
  const at = normalizeAxis("scatterAdd", axis, x.rank);
  checkSameDType("scatterAdd", ["float32", "float64", "int32"], x.dtype, source.dtype);
  checkCorner("scatterAdd", x, indices.shape, at);
  const values = corner("scatterAdd", source, indices.shape, -1);
  const sums = apply1(scatterAddOp, [values, indices], { axis: at, size: x.shape[at] as number });
  if (equalShapes(sums.shape, x.shape)) return add(x, sums);
  return add(
    x,
    pad(
      sums,
      x.shape.map((d, i) => [0, d - (sums.shape[i] as number)]),
    ),
  );
}
