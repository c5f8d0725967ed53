import { add, gelu, mul, tanh } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";

/**
 * x / 2 · (1 + erf(x / √2)), or its approximation by tanh. For operator sets that lack it, written out.
 * https://onnx.ai/onnx/operators/onnx__Gelu.html
 */
export const geluOperator: Operator = defineOperator({
  opType: "Gelu",
  since: [20],
  attributes: { approximate: string("none") },
  exports: {
    gelu: ({ opset, emit, input, float, fresh, reject }) => {
      if (opset < 9) reject("Erf exists from operator set 9 on");
      if (opset >= 20) return void emit("Gelu", [input(0)]);
      const bend = emit("Erf", [emit("Mul", [input(0), float(Math.SQRT1_2)], {}, fresh())], {}, fresh());
      const gate = emit("Add", [bend, float(1)], {}, fresh());
      emit("Mul", [emit("Mul", [input(0), float(0.5)], {}, fresh()), gate]);
    },
  },
  import:
    ({ attributes: { approximate } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      if (approximate !== "tanh") return gelu(x);
      const inner = mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
      return mul(mul(x, 0.5), add(tanh(inner), 1));
    },
});
