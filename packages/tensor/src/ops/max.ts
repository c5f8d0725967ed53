import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { mul } from "./mul.ts";
import {
  forEachReduction,
  type ReduceAttrs,
  type ReduceOptions,
  reduceAttrs,
  reducedShape,
  unreduce,
} from "./reduce.ts";
import { sum } from "./sum.ts";

export const maxOp: Op<ReduceAttrs> = {
  name: "max",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("max", ["float32", "float64", "int32"], x.dtype);
    if (attrs.axes.some((axis) => x.shape[axis] === 0)) {
      throw new ShapeError({ op: "max", expected: "no empty axis to reduce", got: formatShape(x.shape) });
    }
    return oneOutput(reducedShape(x.shape, attrs), x);
  },
  grad: ({ grad, output, attrs }, x) => {
    const mask = cast(equal(x, unreduce(output, x.shape, attrs)), grad.dtype);
    const ties = sum(mask, { axes: attrs.axes, keepDims: attrs.keepDims });
    return [mul(mask, unreduce(div(grad, ties), x.shape, attrs))];
  },
  reference: ({ attrs, output }, x) => {
    forEachReduction(x, attrs.axes, (o, offsets) => {
      let best = Number.NEGATIVE_INFINITY;
      for (const offset of offsets) best = Math.max(best, x.data[offset] as number);
      output.data[o] = best;
    });
  },
  samples: [
    { attrs: { axes: [1], keepDims: false }, inputs: [[3, 4]] },
    { attrs: { axes: [0, 2], keepDims: true }, inputs: [[2, 3, 4]] },
  ],
};

/**
 * Largest element over axes; NaN if there is one. Equal largest elements share the gradient.
 * @throws {ShapeError} if a reduced axis is empty.
 * Source: https://pytorch.org/docs/stable/generated/torch.amax.html
 */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return apply1(maxOp, [x], reduceAttrs("max", x, options));
}
