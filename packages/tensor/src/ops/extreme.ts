import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape } from "../shape.ts";
import { cast } from "./cast.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { mul } from "./mul.ts";
import { forEachReduction, type ReduceAttrs, reducedShape, unreduce } from "./reduce.ts";
import { sum } from "./sum.ts";

/** Largest or smallest element over axes; equal ones share the gradient. */
export function defineExtreme(name: "max" | "min", better: (x: number, y: number) => number): Op<ReduceAttrs> {
  return {
    name,
    kind: "kernel",
    infer: (attrs, x) => {
      checkSameDType(name, ["float32", "float64", "int32"], x.dtype);
      if (attrs.axes.some((axis) => x.shape[axis] === 0)) {
        throw new ShapeError({ op: name, expected: "no empty axis to reduce", got: formatShape(x.shape) });
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
        let best = x.data[offsets[0] as number] as number;
        for (const offset of offsets) best = better(best, x.data[offset] as number);
        output.data[o] = best;
      });
    },
    samples: [
      { attrs: { axes: [1], keepDims: false }, inputs: [[3, 4]] },
      { attrs: { axes: [0, 2], keepDims: true }, inputs: [[2, 3, 4]] },
    ],
  };
}
