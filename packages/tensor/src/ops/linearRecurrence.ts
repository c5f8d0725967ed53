import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { equalShapes, formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";
import { forEachReduction } from "./reduce.ts";
import { slice } from "./slice.ts";

/** The axis along which elements follow each other, from the first on, or from the last on. */
export interface RecurrenceAttrs {
  readonly axis: number;
  readonly reverse: boolean;
}

export const linearRecurrenceOp: Op<RecurrenceAttrs> = {
  name: "linearRecurrence",
  kind: "kernel",
  infer: (_, a, b) => {
    checkSameDType("linearRecurrence", ["float32", "float64", "int32"], a.dtype, b?.dtype as never);
    if (!equalShapes(a.shape, b?.shape ?? [])) {
      const got = `${formatShape(a.shape)} and ${formatShape(b?.shape ?? [])}`;
      throw new ShapeError({ op: "linearRecurrence", expected: "factors and terms of one shape", got });
    }
    return oneOutput(a.shape, a);
  },
  // Terms reach all later results: the gradient is the same recurrence, backwards.
  grad: ({ grad, output, attrs: { axis, reverse }, needs }, a) => {
    const reaching = linearRecurrence(shift(a, axis, !reverse), grad, axis, !reverse);
    return [needs(0) ? mul(reaching, shift(output, axis, reverse)) : null, reaching];
  },
  reference: ({ attrs: { axis, reverse }, output }, a, b) => {
    const product = a.dtype === "int32" ? Math.imul : (x: number, y: number) => x * y;
    forEachReduction(a, [axis], (_, offsets) => {
      let y = 0;
      for (let i = 0; i < offsets.length; i++) {
        const at = offsets[reverse ? offsets.length - 1 - i : i] as number;
        y = i === 0 ? (b.data[at] as number) : product(a.data[at] as number, y) + (b.data[at] as number);
        output.data[at] = y;
      }
    });
  },
  samples: [
    {
      attrs: { axis: 1, reverse: false },
      inputs: [
        [2, 5],
        [2, 5],
      ],
    },
    {
      attrs: { axis: 0, reverse: true },
      inputs: [
        [4, 1, 2],
        [4, 1, 2],
      ],
    },
  ],
};

/**
 * yᵢ = aᵢ · yᵢ₋₁ + bᵢ along an axis, y₀ = b₀; from the last element on where `reverse`. float sums are taken in float64.
 * @throws {ShapeError} if the shapes differ. @throws {DTypeError} if the dtypes differ, or on bool.
 */
export function linearRecurrence(a: Tensor, b: Tensor, axis: number, reverse: boolean): Tensor {
  return apply1(linearRecurrenceOp, [a, b], { axis, reverse });
}

/** Each element in the place of the next one along an axis, or, in `reverse`, of the one before; 0 where none comes. */
export function shift(x: Tensor, axis: number, reverse: boolean): Tensor {
  if (x.shape[axis] === 0) return x;
  const rest = reverse ? slice(x, axis, 1) : slice(x, axis, 0, -1);
  return pad(
    rest,
    x.shape.map((_, i) => (i !== axis ? [0, 0] : reverse ? [0, 1] : [1, 0])),
  );
}
