import { add, maximum, minimum, mul } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** max(x, 0) + alpha · min(x, 0). https://onnx.ai/onnx/operators/onnx__LeakyRelu.html */
export const leakyReluOperator: Operator = defineOperator({
  opType: "LeakyRelu",
  since: [1, 6, 16],
  attributes: { alpha: float(0.01) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      return add(maximum(x, 0), mul(minimum(x, 0), alpha));
    },
});
