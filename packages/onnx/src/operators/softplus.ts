import { softplus } from "@graftjs/nn";
import { defineOperator, type Operator } from "../operator.ts";

/** ln(1 + e^x). https://onnx.ai/onnx/operators/onnx__Softplus.html */
export const softplusOperator: Operator = defineOperator({
  opType: "Softplus",
  since: [1, 22],
  import: () => (inputs) => softplus(inputs.tensor(0)),
});
