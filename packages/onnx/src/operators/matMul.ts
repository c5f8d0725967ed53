import { matmul, squeeze, unsqueeze } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** As NumPy's matmul: a vector on either side is a row or a column, and goes again. https://onnx.ai/onnx/operators/onnx__MatMul.html */
export const matMulOperator: Operator = defineOperator({
  opType: "MatMul",
  since: [1, 9, 13],
  import: () => (inputs) => {
    const [a, b] = [inputs.tensor(0), inputs.tensor(1)];
    const product = matmul(a.rank === 1 ? unsqueeze(a, 0) : a, b.rank === 1 ? unsqueeze(b, 1) : b);
    const row = a.rank === 1 ? squeeze(product, -2) : product;
    return b.rank === 1 ? squeeze(row, -1) : row;
  },
});
