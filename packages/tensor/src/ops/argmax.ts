import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { forEachReduction, reducedShape } from "./reduce.ts";

export const argmaxOp: Op<{ readonly axis: number }> = {
  name: "argmax",
  kind: "kernel",
  infer: ({ axis }, x) => {
    if (x.shape[axis] === 0) {
      throw new ShapeError({ op: "argmax", expected: "no empty axis to reduce", got: formatShape(x.shape) });
    }
    return [{ shape: reducedShape(x.shape, { axes: [axis], keepDims: false }), dtype: "int32" }];
  },
  reference: ({ attrs, output }, x) => {
    forEachReduction(x, [attrs.axis], (o, offsets) => {
      let best = 0;
      for (let i = 1; i < offsets.length; i++) {
        const value = x.data[offsets[i] as number] as number;
        const champion = x.data[offsets[best] as number] as number;
        if (value > champion || (Number.isNaN(value) && !Number.isNaN(champion))) best = i;
      }
      output.data[o] = best;
    });
  },
  samples: [
    { attrs: { axis: 1 }, inputs: [[3, 4]] },
    { attrs: { axis: 0 }, inputs: [[3, 2, 2]] },
  ],
};

/**
 * Index of the largest element along `axis` (default the last), the first among equals; NaN counts as largest. int32.
 * @throws {ShapeError} if the axis is out of range or empty.
 * Source: https://pytorch.org/docs/stable/generated/torch.argmax.html
 */
export function argmax(x: Tensor, axis = -1): Tensor {
  return apply1(argmaxOp, [x], { axis: normalizeAxis("argmax", axis, x.rank) });
}
