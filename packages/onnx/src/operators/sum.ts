import { add } from "@graftjs/tensor";
import type { Value } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";
import { applyBinary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sum.html */
export const sumOperator: Operator = defineOperator({
  opType: "Sum",
  since: [1, 6, 8, 13],
  import: () => (inputs) => {
    let total: Value = inputs.value(0);
    for (let i = 1; i < inputs.count; i++)
      total = applyBinary(total, inputs.value(i), { number: (x, y) => x + y, tensor: add });
    return total;
  },
});
