import { add, expm1, maximum, minimum, mul } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** max(x, 0) + alpha · (e^min(x, 0) - 1). https://onnx.ai/onnx/operators/onnx__Elu.html */
export const eluOperator: Operator = defineOperator({
  opType: "Elu",
  since: [1, 6, 22],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      return add(maximum(x, 0), mul(expm1(minimum(x, 0)), alpha));
    },
});
