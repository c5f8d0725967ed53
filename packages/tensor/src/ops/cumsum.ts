import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import type { RecurrenceAttrs } from "./linearRecurrence.ts";
import { forEachReduction } from "./reduce.ts";
import { counted } from "./sum.ts";

export const cumsumOp: Op<RecurrenceAttrs> = {
  name: "cumsum",
  kind: "kernel",
  infer: (_, x) => {
    checkSameDType("cumsum", ["float32", "float64", "int32"], x.dtype);
    return oneOutput(x.shape, x);
  },
  grad: ({ grad, attrs: { axis, reverse } }) => [apply1(cumsumOp, [grad], { axis, reverse: !reverse })],
  reference: ({ attrs: { axis, reverse }, output }, x) => {
    forEachReduction(x, [axis], (_, offsets) => {
      let total = 0;
      for (const at of reverse ? offsets.toReversed() : offsets) {
        total += x.data[at] as number;
        output.data[at] = total;
      }
    });
  },
  samples: [
    { attrs: { axis: 1, reverse: false }, inputs: [[2, 5]] },
    { attrs: { axis: 0, reverse: true }, inputs: [[4, 1, 2]] },
    { attrs: { axis: 1, reverse: false }, inputs: [[2, 3, 2]] },
  ],
};

/**
 * yᵢ = x₀ + x₁ + … + xᵢ along `axis`; of the shape of `x`, and of its dtype, but int32 for bool. Sums are taken in float64; int32
 * wraps around.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.cumsum.html
 *
 * @example
 * ```ts
 * import { cumsum, tensor } from "@graftjs/tensor";
 *
 * console.log(cumsum(tensor([[1, 2, 3], [4, 5, 6]]), 1).toNested()); // [[1, 3, 6], [4, 9, 15]]
 * console.log(cumsum(tensor([true, false, true]), 0).toNested()); // [1, 1, 2]
 * ```
 */
export function cumsum(x: Tensor, axis: number): Tensor {
  return apply1(cumsumOp, [counted(x)], { axis: normalizeAxis("cumsum", axis, x.rank), reverse: false });
}
