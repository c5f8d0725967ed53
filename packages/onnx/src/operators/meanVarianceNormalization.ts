import { add, div, mean, mul, sqrt, sub } from "@graftjs/tensor";
import { defineOperator, ints, type Operator } from "../operator.ts";

/** (x - mean) / (√variance + 1e-9). https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html */
export const meanVarianceNormalizationOperator: Operator = defineOperator({
  opType: "MeanVarianceNormalization",
  since: [9, 13],
  attributes: { axes: ints() },
  import:
    ({ attributes: { axes = [0, 2, 3] } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const over = { axes, keepDims: true };
      const centered = sub(x, mean(x, over));
      return div(centered, add(sqrt(mean(mul(centered, centered), over)), 1e-9));
    },
});
