import { add, div, mean, mul, normalizeAxis, sqrt, sub } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/** Over all axes from `axis` on, with the biased variance. https://onnx.ai/onnx/operators/onnx__LayerNormalization.html */
export const layerNormalizationOperator: Operator = defineOperator({
  opType: "LayerNormalization",
  since: [17],
  attributes: { axis: int(-1), epsilon: float(1e-5), stash_type: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  import:
    ({ attributes: { axis, epsilon } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const first = normalizeAxis("LayerNormalization", axis, x.rank);
      const over = { axes: x.shape.map((_, i) => i).slice(first), keepDims: true };
      const center = mean(x, over);
      const centered = sub(x, center);
      const deviation = sqrt(add(mean(mul(centered, centered), over), epsilon));
      const scaled = mul(div(centered, deviation), inputs.tensor(1));
      return [inputs.has(2) ? add(scaled, inputs.tensor(2)) : scaled, center, div(1, deviation)];
    },
});
