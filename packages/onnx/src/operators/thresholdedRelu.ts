import { threshold } from "@graftjs/nn";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x where x > alpha, else 0. https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html */
export const thresholdedReluOperator: Operator = defineOperator({
  opType: "ThresholdedRelu",
  since: [10, 22],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) =>
      threshold(inputs.tensor(0), alpha, 0),
});
