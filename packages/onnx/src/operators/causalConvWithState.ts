import { concat, conv1d, pad, slice } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";
import { swish } from "./swish.ts";

/**
 * A convolution of each channel of [N, C, L] with those before: with the state where there is one, else with zeros. The second
 * output is the next state, the last k - 1 elements. https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html
 */
export const causalConvWithStateOperator: Operator = defineOperator({
  opType: "CausalConvWithState",
  since: [27],
  attributes: { activation: string("none") },
  roles: { 1: "parameter", 2: "parameter" },
  import: ({ attributes: { activation }, reject }) => {
    if (!["none", "silu", "swish"].includes(activation)) reject(`the activation "${activation}"`);
    return (inputs) => {
      const [x, weight] = [inputs.tensor(0), inputs.tensor(1)];
      const before = (weight.shape[2] as number) - 1;
      const padded = inputs.has(3)
        ? concat([inputs.tensor(3), x], 2)
        : pad(x, [
            [0, 0],
            [0, 0],
            [before, 0],
          ]);
      const bias = inputs.has(2) ? inputs.tensor(2) : null;
      const y = conv1d(padded, weight, bias, { groups: x.shape[1] as number });
      return [activation === "none" ? y : swish(y, 1), slice(padded, 2, x.shape[2] as number)];
    };
  },
});
