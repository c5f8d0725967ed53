import type { DType } from "../dtype.ts";
import type { Op, Sample } from "../op.ts";
import { checkSameDType, defineElementwise } from "./define.ts";
import type { ElementwiseName } from "./names.ts";

/** Operands of two-operand arithmetic: of one shape, and broadcast in the ways that differ for a device. */
export const binarySamples: readonly Sample<object>[] = [
  sample([2, 3], [2, 3]),
  sample([2, 1, 4], [3, 1]),
  sample([2, 3, 5], [3, 1]),
];

function sample(x: readonly number[], y: readonly number[]): Sample<object> {
  return { attrs: {}, inputs: [x, y] };
}

/** A comparison: of two operands of one dtype, any of them, to bool. */
export function defineComparison(name: ElementwiseName, holds: (x: number, y: number) => boolean): Op<object> {
  return defineElementwise({
    name,
    arity: 2,
    dtype: (_, x, y) => {
      checkSameDType(name, ["float32", "float64", "int32", "bool"], x as DType, y as DType);
      return "bool";
    },
    scalar: (x, y) => (holds(x, y) ? 1 : 0),
    samples: [
      { attrs: {}, inputs: [[2, 3], [3]] },
      {
        attrs: {},
        inputs: [
          { shape: [2, 2], dtype: "int32", values: [1, 2, 3, 4] },
          { shape: [2], dtype: "int32", values: [1, 3] },
        ],
      },
    ],
  });
}
