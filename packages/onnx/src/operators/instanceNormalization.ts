import { add, instanceNorm, mul, numel, reshape } from "@graftjs/tensor";
import { defineOperator, float, ignored, type Operator } from "../operator.ts";

/**
 * (x - mean) / √(variance + epsilon) · scale + bias, with the statistics of each channel of each sample.
 * https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html
 */
export const instanceNormalizationOperator: Operator = defineOperator({
  opType: "InstanceNormalization",
  since: [1, 6, 22],
  attributes: { epsilon: float(1e-5), consumed_inputs: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  import:
    ({ attributes: { epsilon } }) =>
    (inputs) => {
      const [x, bias] = [inputs.tensor(0), inputs.tensor(2)];
      const plane = x.shape.slice(2);
      // One value is its own mean.
      if (numel(plane) === 1) return add(mul(x, 0), reshape(bias, [-1, ...plane]));
      return instanceNorm(x, { weight: inputs.tensor(1), bias, eps: epsilon }).y;
    },
});
