import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { indexSelect } from "./indexSelect.ts";

export const indexAddOp: Op<{ readonly axis: number; readonly size: number }> = {
  name: "indexAdd",
  kind: "kernel",
  infer: ({ axis, size }, x) =>
    oneOutput(
      x.shape.map((d, i) => (i === axis ? size : d)),
      x,
    ),
  grad: ({ grad, attrs }, _, indices) => [indexSelect(grad, indices, attrs.axis), null],
  reference: ({ attrs: { axis, size }, output }, x, indices) => {
    const inner = numel(x.shape.slice(axis + 1));
    const count = indices.data.length;
    for (let o = 0; o < numel(x.shape.slice(0, axis)); o++) {
      for (let i = 0; i < count; i++) {
        const index = indices.data[i] as number;
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
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
 */
export function indexAdd(x: Tensor, indices: Tensor, axis: number, size: number): Tensor {
  return apply1(indexAddOp, [x, indices], { axis, size });
}
