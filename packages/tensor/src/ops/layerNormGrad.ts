import { apply } from "../apply.ts";
import { composedGradient } from "../autograd/composedGradient.ts";
import type { Op } from "../op.ts";
import { numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mean as average } from "./mean.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

/**
 * Gradients of layer normalisation: with x̂ = (x - mean) · r, r = 1 / √(variance + epsilon), g = dy · weight, and means
 * over the n values of a row, dx = r · (g - mean(g) - x̂ · mean(g · x̂)), dweight = Σ dy · x̂ and dbias = Σ dy over the rows.
 */
export const layerNormGradOp: Op<object> = {
  name: "layerNormGrad",
  kind: "kernel",
  infer: (_, __, x, weight) =>
    [x as never, weight as never, weight as never].map(({ shape, dtype }) => ({ shape, dtype })),
  grad: (context, ...inputs) =>
    composedGradient((...args) => composed(args as [Tensor, Tensor, Tensor, Tensor, Tensor]), context, inputs),
  reference: ({ outputs }, grad, x, weight, mean, inverse) => {
    const [dx, dWeight, dBias] = outputs as [typeof x, typeof x, typeof x];
    const length = numel(weight.shape);
    const [sumProduct, sumGrad] = [new Float64Array(length), new Float64Array(length)];
    for (let row = 0; row * length < x.data.length; row++) {
      const r = inverse.data[row] as number;
      const normalized = (i: number): number => ((x.data[row * length + i] as number) - (mean.data[row] as number)) * r;
      const scaled = (i: number): number => (grad.data[row * length + i] as number) * (weight.data[i] as number);
      let [first, second] = [0, 0];
      for (let i = 0; i < length; i++) {
        first += scaled(i) / length;
        second += (scaled(i) * normalized(i)) / length;
        sumProduct[i] = (sumProduct[i] as number) + (grad.data[row * length + i] as number) * normalized(i);
        sumGrad[i] = (sumGrad[i] as number) + (grad.data[row * length + i] as number);
      }
      for (let i = 0; i < length; i++) dx.data[row * length + i] = r * (scaled(i) - first - normalized(i) * second);
    }
    dWeight.data.set(sumProduct);
    dBias.data.set(sumGrad);
  },
  samples: [
    { attrs: {}, inputs: [[3, 7], [3, 7], [7], [3], { shape: [3], range: [0.5, 2] }] },
    {
      attrs: {},
      inputs: [[2, 3, 4, 5], [2, 3, 4, 5], [4, 5], [2, 3], { shape: [2, 3], range: [0.5, 2] }],
    },
  ],
};

/** The same in other ops, which can be differentiated again. */
function composed([grad, x, weight, mean, inverse]: [Tensor, Tensor, Tensor, Tensor, Tensor]): Tensor[] {
  const lead = mean.shape.map((_, i) => i);
  const last = weight.shape.map((_, i) => lead.length + i);
  const perRow = (t: Tensor): Tensor => reshape(t, [...mean.shape, ...last.map(() => 1)]);
  const rowMean = (t: Tensor): Tensor => average(t, { axes: last, keepDims: true });
  const normalized = mul(sub(x, perRow(mean)), perRow(inverse));
  const scaled = mul(grad, weight);
  const centered = sub(sub(scaled, rowMean(scaled)), mul(normalized, rowMean(mul(scaled, normalized))));
  const sumRows = (t: Tensor): Tensor => (lead.length > 0 ? sum(t, { axes: lead }) : t);
  return [mul(centered, perRow(inverse)), sumRows(mul(grad, normalized)), sumRows(grad)];
}

export function layerNormGrad(grad: Tensor, x: Tensor, weight: Tensor, mean: Tensor, inverse: Tensor): Tensor[] {
  return apply(layerNormGradOp, [grad, x, weight, mean, inverse], {});
}
