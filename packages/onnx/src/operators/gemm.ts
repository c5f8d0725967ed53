import { add, matmul, mul } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/** alpha · A' · B' + beta · C, where ' transposes if asked to. https://onnx.ai/onnx/operators/onnx__Gemm.html */
export const gemmOperator: Operator = defineOperator({
  opType: "Gemm",
  since: [1, 6, 7, 9, 11, 13],
  attributes: { alpha: float(1), beta: float(1), transA: int(0), transB: int(0), broadcast: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  import:
    ({ attributes: { alpha, beta, transA, transB } }) =>
    (inputs) => {
      const product = matmul(inputs.tensor(0), inputs.tensor(1), { transposeA: transA !== 0, transposeB: transB !== 0 });
      const scaled = alpha === 1 ? product : mul(product, alpha);
      if (!inputs.has(2) || beta === 0) return scaled;
      const c = inputs.tensor(2);
      return add(scaled, beta === 1 ? c : mul(c, beta));
    },
});
