import { add, expm1, maximum, minimum, mul } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** gamma · (max(x, 0) + alpha · (e^min(x, 0) - 1)). https://onnx.ai/onnx/operators/onnx__Selu.html */
export const seluOperator: Operator = defineOperator({
  opType: "Selu",
  since: [1, 6, 22],
  attributes: { alpha: float(1.6732631921768188), gamma: float(1.0507010221481323) },
  import:
    ({ attributes: { alpha, gamma } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      return mul(add(maximum(x, 0), mul(expm1(minimum(x, 0)), alpha)), gamma);
    },
});
