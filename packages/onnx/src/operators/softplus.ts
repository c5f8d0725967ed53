import { abs, add, exp, log1p, maximum, neg } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|), which does not overflow. https://onnx.ai/onnx/operators/onnx__Softplus.html */
export const softplusOperator: Operator = defineOperator({
  opType: "Softplus",
  since: [1, 22],
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    return add(maximum(x, 0), log1p(exp(neg(abs(x)))));
  },
});
