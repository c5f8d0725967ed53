import { defineOperator, ignored, type Operator } from "../operator.ts";
import { nothing } from "../sequence.ts";

/** https://onnx.ai/onnx/operators/onnx__Optional.html */
export const optionalOperator: Operator = defineOperator({
  opType: "Optional",
  since: [15, 28],
  attributes: { type: ignored() },
  import: () => (inputs) => (inputs.has(0) ? inputs.any(0) : nothing),
});
