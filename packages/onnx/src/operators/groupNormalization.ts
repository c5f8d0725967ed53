import { add, groupNorm, mul, repeatInterleave, reshape, type Tensor } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/**
 * (x - mean) / √(variance + epsilon) · scale + bias, with the statistics of each group of channels of each sample. Scale and
 * bias are one a channel, below version 21 one a group. https://onnx.ai/onnx/operators/onnx__GroupNormalization.html
 */
export const groupNormalizationOperator: Operator = defineOperator({
  opType: "GroupNormalization",
  since: [18, 21],
  attributes: { epsilon: float(1e-5), num_groups: int(undefined), stash_type: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  import: ({ opset, attributes: { epsilon, num_groups: groups }, reject }) => {
    if (groups === undefined) return reject("num_groups is missing");
    return (inputs) => {
      const x = inputs.tensor(0);
      const channels = (t: Tensor): Tensor =>
        opset < 21 ? repeatInterleave(t, (x.shape[1] as number) / groups, 0) : t;
      const bias = channels(inputs.tensor(2));
      // One value is its own mean.
      if (x.size === groups) return add(mul(x, 0), reshape(bias, [-1, ...x.shape.slice(2)]));
      return groupNorm(x, groups, { weight: channels(inputs.tensor(1)), bias, eps: epsilon });
    };
  },
});
