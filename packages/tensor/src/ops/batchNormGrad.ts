import { apply } from "../apply.ts";
import { composedGradient } from "../autograd/composedGradient.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { type BatchNormAttrs, forEachChannelElement } from "./batchNorm.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/**
 * Gradients of batch normalisation: with x̂ = (x - mean) / σ, σ = √(variance + epsilon), over the m values of a channel,
 * dbias = Σ dy, dweight = Σ dy·x̂, dx = weight / σ · (dy - dbias / m - x̂ · dweight / m).
 */
export const batchNormGradOp: Op<BatchNormAttrs> = {
  name: "batchNormGrad",
  kind: "kernel",
  infer: (_, __, x, weight) =>
    [x as never, weight as never, weight as never].map(({ shape, dtype }) => ({ shape, dtype })),
  grad: (context, ...inputs) =>
    composedGradient(
      (...args) => composed(args as [Tensor, Tensor, Tensor, Tensor, Tensor], context.attrs.epsilon),
      context,
      inputs,
    ),
  reference: ({ attrs, outputs }, grad, x, weight, mean, variance) => {
    const [dx, dWeight, dBias] = outputs as [typeof x, typeof x, typeof x];
    const channels = x.shape[1] as number;
    const count = x.data.length / channels;
    const [sumGrad, sumProduct] = [new Float64Array(channels), new Float64Array(channels)];
    const normalized = (i: number, c: number): number =>
      ((x.data[i] as number) - (mean.data[c] as number)) / Math.sqrt((variance.data[c] as number) + attrs.epsilon);
    forEachChannelElement(x.shape, (i, c) => {
      sumGrad[c] = (sumGrad[c] as number) + (grad.data[i] as number);
      sumProduct[c] = (sumProduct[c] as number) + (grad.data[i] as number) * normalized(i, c);
    });
    forEachChannelElement(x.shape, (i, c) => {
      const scale = (weight.data[c] as number) / Math.sqrt((variance.data[c] as number) + attrs.epsilon);
      const centered = (grad.data[i] as number) - (sumGrad[c] as number) / count;
      dx.data[i] = scale * (centered - (normalized(i, c) * (sumProduct[c] as number)) / count);
    });
    dWeight.data.set(sumProduct);
    dBias.data.set(sumGrad);
  },
  samples: [
    {
      attrs: { epsilon: 1e-5 },
      inputs: [[4, 3, 2, 5], [4, 3, 2, 5], [3], [3], { shape: [3], range: [0.5, 2] }],
    },
    { attrs: { epsilon: 1e-3 }, inputs: [[6, 4], [6, 4], [4], [4], { shape: [4], range: [0.5, 2] }] },
  ],
};

/** The same in other ops, which can be differentiated again. */
function composed(
  [grad, x, weight, mean, variance]: [Tensor, Tensor, Tensor, Tensor, Tensor],
  epsilon: number,
): Tensor[] {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const perChannel = (t: Tensor): Tensor => reshape(t, [t.size, ...x.shape.slice(2).map(() => 1)]);
  const inverse = rsqrt(add(variance, epsilon));
  const normalized = mul(sub(x, perChannel(mean)), perChannel(inverse));
  const dBias = sum(grad, { axes });
  const dWeight = sum(mul(grad, normalized), { axes });
  const share = weight.size / x.size;
  const centered = sub(grad, perChannel(mul(dBias, share)));
  const dx = mul(sub(centered, mul(normalized, perChannel(mul(dWeight, share)))), perChannel(mul(weight, inverse)));
  return [dx, dWeight, dBias];
}

export function batchNormGrad(
  grad: Tensor,
  x: Tensor,
  weight: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
): Tensor[] {
  return apply(batchNormGradOp, [grad, x, weight, mean, variance], { epsilon });
}
