import { mish } from "@graftjs/nn";
import { defineOperator, type Operator } from "../operator.ts";

/** x · tanh(ln(1 + e^x)). https://onnx.ai/onnx/operators/onnx__Mish.html */
export const mishOperator: Operator = defineOperator({
  opType: "Mish",
  since: [18, 22],
  import: () => (inputs) => mish(inputs.tensor(0)),
});
