import { div, equal, less, neg, norm, sum, where } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";

/** x / ‖x‖ₚ along an axis, 0 where the norm is 0; p is 1 or 2. https://onnx.ai/onnx/operators/onnx__LpNormalization.html */
export const lpNormalizationOperator: Operator = defineOperator({
  opType: "LpNormalization",
  since: [1, 22],
  attributes: { axis: int(-1), p: int(2) },
  import: ({ attributes: { axis, p }, reject }) => {
    if (p !== 1 && p !== 2) reject(`p = ${p}, where 1 and 2 are defined`);
    return (inputs) => {
      const x = inputs.tensor(0);
      const along = { axes: axis, keepDims: true };
      // |x| as x where it is not negative: its gradient at 0 is 1.
      const length = p === 1 ? sum(where(less(x, 0), neg(x), x), along) : norm(x, 2, along);
      return div(x, where(equal(length, 0), 1, length));
    };
  },
});
