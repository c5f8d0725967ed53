import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType } from "./define.ts";
import { forEachReduction, reducedShape } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** Attributes of {@link argmax} and {@link argmin}, complete. */
export interface ArgExtremeAttrs {
  readonly axis: number;
}

/** Options of {@link argmax} and {@link argmin}. */
export interface ArgExtremeOptions {
  /** Keep the reduced axis with size 1; all axes where none is given. Default `false`. */
  readonly keepDims?: boolean;
}

/** Index of the first element along an axis that no other one is better than; NaN is best. */
export function defineArgExtreme(
  name: "argmax" | "argmin",
  better: (x: number, y: number) => boolean,
): Op<ArgExtremeAttrs> {
  return {
    name,
    kind: "kernel",
    infer: ({ axis }, x) => {
      checkSameDType(name, ["float32", "float64", "int32"], x.dtype);
      if (x.shape[axis] === 0) {
        throw new ShapeError({ op: name, expected: "no empty axis to reduce", got: formatShape(x.shape) });
      }
      return [{ shape: reducedShape(x.shape, { axes: [axis], keepDims: false }), dtype: "int32" }];
    },
    reference: ({ attrs, output }, x) => {
      forEachReduction(x, [attrs.axis], (o, offsets) => {
        let best = 0;
        for (let i = 1; i < offsets.length; i++) {
          const value = x.data[offsets[i] as number] as number;
          const champion = x.data[offsets[best] as number] as number;
          if (better(value, champion) || (Number.isNaN(value) && !Number.isNaN(champion))) best = i;
        }
        output.data[o] = best;
      });
    },
    samples: [
      { attrs: { axis: 1 }, inputs: [[3, 4]] },
      { attrs: { axis: 0 }, inputs: [[3, 2, 2]] },
    ],
  };
}

/** Applies such an op along one axis, or to all elements in row-major order. */
export function argExtreme(
  op: Op<ArgExtremeAttrs>,
  x: Tensor,
  axis: number | undefined,
  { keepDims = false }: ArgExtremeOptions,
): Tensor {
  if (axis === undefined) {
    const index = apply1(op, [reshape(x, [x.size])], { axis: 0 });
    return keepDims ? reshape(index, new Array<number>(x.rank).fill(1)) : index;
  }
  const at = normalizeAxis(op.name, axis, x.rank);
  const indices = apply1(op, [x], { axis: at });
  return keepDims ? reshape(indices, reducedShape(x.shape, { axes: [at], keepDims })) : indices;
}
