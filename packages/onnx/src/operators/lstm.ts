import { linear } from "@graftjs/nn";
import { add, chunk, mul, sub, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { recurrence, recurrentAttributes, recurrentRoles } from "./recurrence.ts";
import type { Activation } from "./recurrentActivation.ts";

/**
 * i = f(x · Wiᵀ + h · Riᵀ + Pi · c + biases), and so the gates o, of Po · c', and f, which is 1 - i where `input_forget`;
 * c' = f · c + i · g(x · Wcᵀ + h · Rcᵀ + biases); h' = o · h(c'). https://onnx.ai/onnx/operators/onnx__LSTM.html
 */
export const lstmOperator: Operator = defineOperator({
  opType: "LSTM",
  since: [1, 7, 14, 22],
  attributes: { ...recurrentAttributes, input_forget: int(0) },
  roles: recurrentRoles,
  import: (context) => {
    const coupled = context.attributes.input_forget !== 0;
    return recurrence(context, {
      gates: 4,
      activations: ["Sigmoid", "Tanh", "Tanh"],
      states: [5, 6],
      step: ({ hidden, hiddenBias, peepholes }, activations) => {
        const [f, g, h] = activations as readonly [Activation, Activation, Activation];
        const peeps = peepholes ? chunk(peepholes, 3) : [];
        // Peepholes in the order input, output, forget.
        const gate = (x: Tensor, peephole: number, cell: Tensor): Tensor => {
          const weight = peeps[peephole];
          return f(weight ? add(x, mul(weight, cell)) : x);
        };
        return (input, state) => {
          const [last, cell] = state as readonly [Tensor, Tensor];
          const gates = chunk(add(input, linear(last, hidden, hiddenBias)), 4, 1);
          const [atInput, atOutput, atForget, candidate] = gates as [Tensor, Tensor, Tensor, Tensor];
          const enter = gate(atInput, 0, cell);
          const forget = coupled ? sub(1, enter) : gate(atForget, 2, cell);
          const next = add(mul(forget, cell), mul(enter, g(candidate)));
          return [mul(gate(atOutput, 1, next), h(next)), next];
        };
      },
    });
  },
});
