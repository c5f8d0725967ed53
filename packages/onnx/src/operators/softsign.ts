import { softsign } from "@graftjs/nn";
import { defineOperator, type Operator } from "../operator.ts";

/** x / (1 + |x|). https://onnx.ai/onnx/operators/onnx__Softsign.html */
export const softsignOperator: Operator = defineOperator({
  opType: "Softsign",
  since: [1, 22],
  import: () => (inputs) => softsign(inputs.tensor(0)),
});
