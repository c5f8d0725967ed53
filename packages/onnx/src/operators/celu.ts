import { celu } from "@graftjs/nn";
import { defineOperator, float, type Operator } from "../operator.ts";

/** max(0, x) + min(0, alpha · (e^(x / alpha) - 1)). https://onnx.ai/onnx/operators/onnx__Celu.html */
export const celuOperator: Operator = defineOperator({
  opType: "Celu",
  since: [12, 28],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) =>
      celu(inputs.tensor(0), alpha),
});
