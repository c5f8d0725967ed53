import { bitwiseNot } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";
import { castValue } from "./cast.ts";
import { applyUnary } from "./elementwise.ts";

/** Integers without a sign wrap around. https://onnx.ai/onnx/operators/onnx__BitwiseNot.html */
export const bitwiseNotOperator: Operator = defineOperator({
  opType: "BitwiseNot",
  since: [18],
  import: () => (inputs) => {
    const x = inputs.value(0);
    const inverted = applyUnary(x, { number: (bits) => -1 - bits, tensor: bitwiseNot });
    return castValue(inverted, inputs.declared(0) ?? x.dtype);
  },
});
