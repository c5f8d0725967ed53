import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__Identity.html */
export const identityOperator: Operator = defineOperator({
  opType: "Identity",
  since: [1, 13, 14, 16, 19, 21, 23, 24, 25],
  import: () => (inputs) => inputs.any(0),
});
