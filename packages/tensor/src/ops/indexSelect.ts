import { apply1 } from "../apply.ts";
import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis, numel } from "../shape.ts";
import { isTensor, type Tensor, tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { indexAdd } from "./indexAdd.ts";

export const indexSelectOp: Op<{ readonly axis: number }> = {
  name: "indexSelect",
  kind: "kernel",
  infer: ({ axis }, x, indices) => {
    if (indices?.dtype !== "int32") {
      throw new DTypeError({ op: "indexSelect", expected: "int32 indices", got: String(indices?.dtype) });
    }
    if (indices.shape.length !== 1) {
      throw new ShapeError({ op: "indexSelect", expected: "1-d indices", got: formatShape(indices.shape) });
    }
    return oneOutput(
      x.shape.map((d, i) => (i === axis ? (indices.shape[0] as number) : d)),
      x,
    );
  },
  grad: ({ grad, attrs }, x, indices) => [indexAdd(grad, indices, attrs.axis, x.shape[attrs.axis] as number), null],
  reference: ({ attrs: { axis }, output }, x, indices) => {
    const inner = numel(x.shape.slice(axis + 1));
    const count = indices.data.length;
    const size = x.shape[axis] as number;
    for (let o = 0; o < numel(x.shape.slice(0, axis)); o++) {
      for (let i = 0; i < count; i++) {
        const index = indices.data[i] as number;
        if (index < 0 || index >= size) {
          throw new ArgumentError({ op: "indexSelect", expected: `indices in [0, ${size})`, got: String(index) });
        }
        for (let j = 0; j < inner; j++) {
          output.data[(o * count + i) * inner + j] = x.data[(o * size + index) * inner + j] as number;
        }
      }
    }
  },
  samples: [
    { attrs: { axis: 0 }, inputs: [[4, 3], { shape: [5], dtype: "int32", values: [3, 0, 0, 2, 1] }] },
    { attrs: { axis: 1 }, inputs: [[2, 4, 3], { shape: [2], dtype: "int32", values: [3, 1] }] },
  ],
};

/**
 * The slices of `x` along `axis` that the int32 `indices` name, in their order; repetition is allowed.
 * Indices outside of [0, size) are an error on the reference device, and read as 0 elsewhere; in a list they are at once.
 * @param indices 1-d int32, or a list of integers.
 * @throws {DTypeError} if indices are not int32. @throws {ShapeError} if they are not 1-d.
 * @throws {ArgumentError} if one in a list is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.index_select.html
 *
 * @example
 * ```ts
 * import { indexSelect, tensor } from "@graftjs/tensor";
 *
 * const rows = tensor([2, 0, 0], undefined, { dtype: "int32" });
 * console.log(indexSelect(tensor([[1, 2], [3, 4], [5, 6]]), rows).toNested()); // [[5, 6], [1, 2], [1, 2]]
 * ```
 */
export function indexSelect(x: Tensor, indices: Tensor | readonly number[], axis = 0): Tensor {
  const at = normalizeAxis("indexSelect", axis, x.rank);
  if (isTensor(indices)) return apply1(indexSelectOp, [x, indices], { axis: at });
  const size = x.shape[at] as number;
  const wrong = indices.find((i) => !(Number.isInteger(i) && i >= 0 && i < size));
  if (wrong !== undefined) {
    throw new ArgumentError({ op: "indexSelect", expected: `integer indices in [0, ${size})`, got: String(wrong) });
  }
  return selectIndices(x, Int32Array.from(indices), at);
}

/** {@link indexSelect}, for indices that are known to be right. */
export function selectIndices(x: Tensor, indices: Int32Array, axis: number): Tensor {
  return apply1(indexSelectOp, [x, tensor(indices)], { axis });
}
