import { instanceNorm } from "@graftjs/tensor";
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
    (inputs) =>
      instanceNorm(inputs.tensor(0), { weight: inputs.tensor(1), bias: inputs.tensor(2), eps: epsilon }).y,
});
