import { mean } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html */
export const globalAveragePoolOperator: Operator = defineOperator({
  opType: "GlobalAveragePool",
  since: [1, 22],
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    return mean(x, { axes: x.shape.map((_, i) => i).slice(2), keepDims: true });
  },
});
