import { max } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html */
export const globalMaxPoolOperator: Operator = defineOperator({
  opType: "GlobalMaxPool",
  since: [1, 22],
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    return max(x, { axes: x.shape.map((_, i) => i).slice(2), keepDims: true });
  },
});
