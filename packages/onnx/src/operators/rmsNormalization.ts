import { mul, normalizeAxis, rmsNorm } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/** x / √(mean(x²) + epsilon) · scale, over all axes from `axis` on. https://onnx.ai/onnx/operators/onnx__RMSNormalization.html */
export const rmsNormalizationOperator: Operator = defineOperator({
  opType: "RMSNormalization",
  since: [23],
  attributes: { axis: int(-1), epsilon: float(1e-5), stash_type: ignored() },
  roles: { 1: "parameter" },
  import:
    ({ attributes: { axis, epsilon } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const normalized = x.shape.slice(normalizeAxis("RMSNormalization", axis, x.rank));
      return mul(rmsNorm(x, normalized, { eps: epsilon }), inputs.tensor(1));
    },
});
