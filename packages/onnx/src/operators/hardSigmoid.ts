import { add, hardtanh, mul } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** max(0, min(1, alpha · x + beta)). https://onnx.ai/onnx/operators/onnx__HardSigmoid.html */
export const hardSigmoidOperator: Operator = defineOperator({
  opType: "HardSigmoid",
  since: [1, 6, 22],
  attributes: { alpha: float(0.2), beta: float(0.5) },
  import:
    ({ attributes: { alpha, beta } }) =>
    (inputs) =>
      hardtanh(add(mul(inputs.tensor(0), alpha), beta), 0, 1),
});
