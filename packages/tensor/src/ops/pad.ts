import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { offsetsOf } from "./reduce.ts";
import { sliceOp } from "./slice.ts";

/** For each axis: how many elements of `value` go before and after. */
export interface PadAttrs {
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly value: number;
}

export const padOp: Op<PadAttrs> = {
  name: "pad",
  kind: "kernel",
  infer: ({ padding }, x) => {
    if (padding.length !== x.shape.length || padding.flat().some((p) => !Number.isInteger(p) || p < 0)) {
      throw new ShapeError({
        op: "pad",
        expected: `two integers >= 0 for each of ${x.shape.length} axes`,
        got: JSON.stringify(padding),
      });
    }
    return oneOutput(
      x.shape.map((d, i) => d + (padding[i]?.[0] as number) + (padding[i]?.[1] as number)),
      x,
    );
  },
  grad: ({ grad, attrs }, x) => [
    apply1(sliceOp, [grad], { starts: attrs.padding.map(([before]) => before), sizes: x.shape }),
  ],
  reference: ({ attrs, output }, x) => {
    output.data.fill(attrs.value);
    const strides = stridesOf(output.shape);
    const base = attrs.padding.reduce((sum, [before], i) => sum + before * (strides[i] as number), 0);
    const offsets = offsetsOf(x.shape, strides);
    for (let i = 0; i < offsets.length; i++) output.data[base + (offsets[i] as number)] = x.data[i] as number;
  },
  samples: [
    {
      attrs: {
        padding: [
          [1, 0],
          [2, 3],
        ],
        value: 0,
      },
      inputs: [[2, 3]],
    },
    {
      attrs: {
        padding: [
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 2],
        ],
        value: -1.5,
      },
      inputs: [[1, 2, 3, 2]],
    },
  ],
};

/**
 * `x` with `value` around it: `padding[i]` elements before and after axis i.
 * @throws {ShapeError} if a number is negative, or not every axis has its pair.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html (which lists the last axis first)
 */
export function pad(x: Tensor, padding: readonly (readonly [before: number, after: number])[], value = 0): Tensor {
  return padding.flat().every((p) => p === 0) ? x : apply1(padOp, [x], { padding, value });
}
