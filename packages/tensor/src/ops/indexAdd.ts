import { apply1 } from "../apply.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { checkShape, formatShape, normalizeAxis, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { indexSelect } from "./indexSelect.ts";

export const indexAddOp: Op<{ readonly axis: number; readonly size: number }> = {
  name: "indexAdd",
  kind: "kernel",
  infer: ({ axis, size }, x, indices) => {
    if (indices?.dtype !== "int32") {
      throw new DTypeError({ op: "indexAdd", expected: "int32 indices", got: String(indices?.dtype) });
    }
    if (indices.shape.length !== 1 || indices.shape[0] !== x.shape[axis]) {
      throw new ShapeError({
        op: "indexAdd",
        expected: `one index for each of the ${x.shape[axis]} slices`,
        got: `indices ${formatShape(indices.shape)}`,
      });
    }
    checkShape("indexAdd", [size]);
    return oneOutput(
      x.shape.map((d, i) => (i === axis ? size : d)),
      x,
    );
  },
  grad: ({ grad, attrs }, _, indices) => [indexSelect(grad, indices, attrs.axis), null],
  reference: ({ attrs: { axis, size }, output }, x, indices) => {
    const inner = numel(x.shape.slice(axis + 1));
    const count = indices.data.length;
    for (let o = 0; o < numel(x.shape.slice(0, axis)); o++) {
      for (let i = 0; i < count; i++) {
        const index = indices.data[i] as number;
        if (index < 0 || index >= size) {
          throw new ArgumentError({ op: "indexAdd", expected: `indices in [0, ${size})`, got: String(index) });
        }
        for (let j = 0; j < inner; j++) {
          const at = (o * size + index) * inner + j;
          output.data[at] = (output.data[at] as number) + (x.data[(o * count + i) * inner + j] as number);
        }
      }
    }
  },
  samples: [
    { attrs: { axis: 0, size: 4 }, inputs: [[5, 3], { shape: [5], dtype: "int32", values: [3, 0, 0, 2, 1] }] },
    { attrs: { axis: 1, size: 4 }, inputs: [[2, 2, 3], { shape: [2], dtype: "int32", values: [3, 1] }] },
  ],
};

/**
 * Zeros with `size` slices along `axis`, to which slice i of `x` is added at `indices[i]`: the transpose of `indexSelect`.
 * Indices outside of [0, size) are an error on the reference device and left out elsewhere.
 * @throws {DTypeError} if indices are not int32. @throws {ShapeError} if they are not 1-d, one a slice.
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
 *
 * @example
 * ```ts
 * import { indexAdd, tensor } from "@graftjs/tensor";
 *
 * const places = tensor([0, 2, 0], undefined, { dtype: "int32" });
 * console.log(indexAdd(tensor([1, 2, 3]), places, 0, 4).toNested()); // [4, 0, 2, 0]
 * ```
 */
export function indexAdd(x: Tensor, indices: Tensor, axis: number, size: number): Tensor {
  return apply1(indexAddOp, [x, indices], { axis: normalizeAxis("indexAdd", axis, x.rank), size });
}
