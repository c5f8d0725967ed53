import { logSoftmax } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";
import { lossAttributes, lossOfClasses } from "./negativeLogLikelihoodLoss.ts";

/**
 * -weight[t] · ln softmax(x)[n, t, ...] for each target t, and ln softmax(x) itself.
 * https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html
 */
export const softmaxCrossEntropyLossOperator: Operator = defineOperator({
  opType: "SoftmaxCrossEntropyLoss",
  since: [12, 13],
  attributes: lossAttributes,
  roles: { 2: "constant" },
  import: (context) => {
    const loss = lossOfClasses(context);
    return (inputs) => {
      const logProbabilities = logSoftmax(inputs.tensor(0), 1);
      return [loss(logProbabilities, inputs), logProbabilities];
    };
  },
});
