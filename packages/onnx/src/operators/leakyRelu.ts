import { leakyRelu } from "@graftjs/nn";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x where x > 0, alpha · x elsewhere. https://onnx.ai/onnx/operators/onnx__LeakyRelu.html */
export const leakyReluOperator: Operator = defineOperator({
  opType: "LeakyRelu",
  since: [1, 6, 16],
  attributes: { alpha: float(0.01) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) =>
      leakyRelu(inputs.tensor(0), alpha),
});
