import { greater, where } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x where x > alpha, else 0. https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html */
export const thresholdedReluOperator: Operator = defineOperator({
  opType: "ThresholdedRelu",
  since: [10, 22],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      return where(greater(x, alpha), x, 0);
    },
});
