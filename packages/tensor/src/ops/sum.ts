import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import {
  forEachReduction,
  type ReduceAttrs,
  type ReduceOptions,
  reduceAttrs,
  reducedShape,
  unreduce,
} from "./reduce.ts";

export const sumOp: Op<ReduceAttrs> = {
  name: "sum",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("sum", ["float32", "float64", "int32"], x.dtype);
    return oneOutput(reducedShape(x.shape, attrs), x);
  },
  grad: ({ grad, attrs }, x) => [unreduce(grad, x.shape, attrs)],
  reference: ({ attrs, output }, x) => {
    forEachReduction(x, attrs.axes, (o, offsets) => {
      let total = 0;
      for (const offset of offsets) total += x.data[offset] as number;
      output.data[o] = total;
    });
  },
  samples: [
    { attrs: { axes: [0, 1], keepDims: false }, inputs: [[3, 4]] },
    { attrs: { axes: [1], keepDims: true }, inputs: [[2, 5, 3]] },
    { attrs: { axes: [0, 2, 3], keepDims: false }, inputs: [[2, 3, 4, 5]] },
    { attrs: { axes: [2], keepDims: false }, inputs: [[2, 3, 17]] },
  ],
};

/**
 * Sum over axes; 0 over an empty one. Of bool it is the number of those that hold, as int32; int32 wraps around.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.sum.html
 *
 * @example
 * ```ts
 * import { sum, tensor } from "@graftjs/tensor";
 *
 * console.log(sum(tensor([[1, 2], [3, 4]]), { axes: 0, keepDims: true }).toNested()); // [[4, 6]]
 * console.log(sum(tensor([true, true, false])).item()); // 2
 * ```
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return apply1(sumOp, [counted(x)], reduceAttrs("sum", x, options));
}

/** Truth values as the numbers 0 and 1, in int32. */
export function counted(x: Tensor): Tensor {
  return x.dtype === "bool" ? cast(x, "int32") : x;
}
