import { nllLoss } from "@graftjs/nn";
import type { Tensor } from "@graftjs/tensor";
import {
  type AttributeSpec,
  defineOperator,
  type ImportContext,
  type Inputs,
  int,
  type Operator,
  string,
} from "../operator.ts";

/** Attributes of the losses of class indices. */
export const lossAttributes: {
  readonly reduction: AttributeSpec<string>;
  readonly ignore_index: AttributeSpec<number | undefined>;
} = { reduction: string("mean"), ignore_index: int(undefined) };

/**
 * -weight[t] · x[n, t, ...] for each target t, whose mean is Σ loss / Σ weight[t].
 * https://onnx.ai/onnx/operators/onnx__NegativeLogLikelihoodLoss.html
 */
export const negativeLogLikelihoodLossOperator: Operator = defineOperator({
  opType: "NegativeLogLikelihoodLoss",
  since: [12, 13, 22],
  attributes: lossAttributes,
  roles: { 2: "constant" },
  import: (context) => {
    const loss = lossOfClasses(context);
    return (inputs) => loss(inputs.tensor(0), inputs);
  },
});

/** The loss of log-probabilities [N, C, ...], with class indices and weights as inputs 1 and 2. */
export function lossOfClasses({
  attributes: { reduction, ignore_index: ignoreIndex },
  reject,
}: ImportContext<{ readonly reduction: string; readonly ignore_index: number | undefined }>): (
  logProbabilities: Tensor,
  inputs: Inputs,
) => Tensor {
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none") return reject(`reduction "${reduction}"`);
  return (logProbabilities, inputs) =>
    nllLoss(logProbabilities, inputs.tensor(1), {
      reduction,
      ...(ignoreIndex !== undefined && { ignoreIndex }),
      ...(inputs.has(2) && { weight: inputs.tensor(2) }),
    });
}
