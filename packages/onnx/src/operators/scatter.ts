import { normalizeAxis, scatter } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { wrapIndices } from "./indices.ts";

/** What ScatterElements was called before version 11. https://onnx.ai/onnx/operators/onnx__Scatter.html */
export const scatterOperator: Operator = defineOperator({
  opType: "Scatter",
  since: [9, 11],
  attributes: { axis: int(0) },
  import: ({ attributes: { axis } }) =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const at = normalizeAxis("Scatter", axis, x.rank);
      return scatter(x, wrapIndices(inputs.value(1), x.shape[at] as number), inputs.tensor(2), at);
    }),
});
