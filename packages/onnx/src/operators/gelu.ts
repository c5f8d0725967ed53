import { add, erf, mul, tanh } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";

/** x / 2 · (1 + erf(x / √2)), or its approximation by tanh. https://onnx.ai/onnx/operators/onnx__Gelu.html */
export const geluOperator: Operator = defineOperator({
  opType: "Gelu",
  since: [20],
  attributes: { approximate: string("none") },
  import:
    ({ attributes: { approximate } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const cube = (): typeof x => mul(mul(x, x), x);
      const gate =
        approximate === "tanh"
          ? tanh(mul(add(x, mul(cube(), 0.044715)), Math.sqrt(2 / Math.PI)))
          : erf(mul(x, Math.SQRT1_2));
      return mul(mul(x, 0.5), add(gate, 1));
    },
});
