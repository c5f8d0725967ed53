import { elu } from "@graftjs/nn";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x where x > 0, alpha · (e^x - 1) elsewhere. https://onnx.ai/onnx/operators/onnx__Elu.html */
export const eluOperator: Operator = defineOperator({
  opType: "Elu",
  since: [1, 6, 22],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) =>
      elu(inputs.tensor(0), alpha),
});
