import { linear } from "@graftjs/nn";
import { add, type Tensor } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";
import { recurrence, recurrentAttributes, recurrentRoles } from "./recurrence.ts";
import type { Activation } from "./recurrentActivation.ts";

/** h' = f(x · Wᵀ + h · Rᵀ + biases). https://onnx.ai/onnx/operators/onnx__RNN.html */
export const rnnOperator: Operator = defineOperator({
  opType: "RNN",
  since: [1, 7, 14, 22],
  attributes: recurrentAttributes,
  roles: recurrentRoles,
  import: (context) =>
    recurrence(context, {
      gates: 1,
      activations: ["Tanh"],
      states: [5],
      step: ({ hidden, hiddenBias }, activations) => {
        const [f] = activations as readonly [Activation];
        return (input, [h]) => [f(add(input, linear(h as Tensor, hidden, hiddenBias)))];
      },
    }),
});
