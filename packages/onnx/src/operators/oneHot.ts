import { arange, cast, equal, normalizeAxis, reshape, select, unsqueeze, where } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { wrapIndices } from "./indices.ts";

/**
 * Of two values the second where the index is, the first elsewhere, on a new axis. Indices below zero count from the end; those
 * out of range are nowhere. https://onnx.ai/onnx/operators/onnx__OneHot.html
 */
export const oneHotOperator: Operator = defineOperator({
  opType: "OneHot",
  since: [9, 11, 28],
  attributes: { axis: int(-1) },
  // What stands for on and off is no weight.
  roles: { 1: "constant", 2: "constant" },
  import: ({ attributes: { axis } }) =>
    foldable(
      (inputs) => {
        const [depth = -1] = inputs.numbers(1);
        const indices = wrapIndices(cast(inputs.tensor(0), "int32"), depth);
        const at = normalizeAxis("OneHot", axis, indices.rank + 1);
        checkFill("OneHot", [...indices.shape, depth]);
        const places = reshape(arange(depth), [depth, ...indices.shape.slice(at).map(() => 1)]);
        const values = inputs.tensor(2);
        return where(equal(unsqueeze(indices, at), places), select(values, 0, 1), select(values, 0, 0));
      },
      [2],
    ),
});
