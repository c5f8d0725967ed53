import { add, maximum, minimum, mul } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** max(x, 0) + slope · min(x, 0). https://onnx.ai/onnx/operators/onnx__PRelu.html */
export const pReluOperator: Operator = defineOperator({
  opType: "PRelu",
  since: [1, 6, 7, 9, 16],
  roles: { 1: "parameter" },
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    return add(maximum(x, 0), mul(minimum(x, 0), inputs.tensor(1)));
  },
});
