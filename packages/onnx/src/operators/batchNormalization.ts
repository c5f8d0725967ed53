import { add, batchNorm, mul, noGrad, reshape, rsqrt, sub, type Tensor } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/**
 * In evaluation mode, and where frozen: (x - mean) / √(var + epsilon) · scale + bias with the running statistics, whatever
 * `training_mode` says. In training: with the batch's statistics, and the running ones follow them as PyTorch has it, that is
 * momentum · old + (1 - momentum) · new with the *unbiased* variance of the batch (ONNX's own training mode takes the biased one).
 * https://onnx.ai/onnx/operators/onnx__BatchNormalization.html
 */
export const batchNormalizationOperator: Operator = defineOperator({
  opType: "BatchNormalization",
  since: [1, 6, 7, 9, 14, 15],
  attributes: { epsilon: float(1e-5), momentum: float(0.9), spatial: int(1), training_mode: ignored(), consumed_inputs: ignored() },
  roles: { 1: "parameter", 2: "parameter", 3: "buffer", 4: "buffer" },
  import: ({ attributes: { epsilon, momentum, spatial }, reject }) => {
    if (spatial !== 1) reject("statistics for each position (spatial = 0)");
    return (inputs) => {
      const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => inputs.tensor(i)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      if (!inputs.training) {
        const factor = mul(rsqrt(add(variance, epsilon)), scale);
        const shift = sub(bias, mul(mean, factor));
        const shape = [-1, ...x.shape.slice(2).map(() => 1)];
        return [add(mul(x, reshape(factor, shape)), reshape(shift, shape)), mean, variance];
      }
      const batch = batchNorm(x, scale, bias, epsilon);
      const count = x.size / (x.shape[1] as number);
      return noGrad(() => {
        const next = (old: Tensor, now: Tensor): Tensor => add(mul(old, momentum), mul(now, 1 - momentum));
        const nextMean = inputs.update(3, next(mean, batch.mean));
        const nextVariance = inputs.update(4, next(variance, mul(batch.variance, count / (count - 1))));
        return [batch.y, nextMean, nextVariance];
      });
    };
  },
});
