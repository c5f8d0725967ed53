import { add, hardtanh, mul } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** x · max(0, min(1, x / 6 + 1/2)). https://onnx.ai/onnx/operators/onnx__HardSwish.html */
export const hardSwishOperator: Operator = defineOperator({
  opType: "HardSwish",
  since: [14, 22],
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    return mul(x, hardtanh(add(mul(x, 1 / 6), 0.5), 0, 1));
  },
});
