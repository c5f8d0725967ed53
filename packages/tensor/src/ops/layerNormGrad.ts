import { apply } from "../apply.ts";
import type { Op } from "../op.ts";
import { numel } from "../shape.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { add } from "./add.ts";
import { mean as meanOver } from "./mean.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { sumTo } from "./sumTo.ts";

/**
 * Gradients of layer normalisation: with x̂ = (x - mean) · r, r = 1 / √(variance + epsilon), g = dy · weight, and means
 * over the n values of a row, dx = r · (g - mean(g) - x̂ · mean(g · x̂)), dweight = Σ dy · x̂ and dbias = Σ dy over the rows.
 */
export const layerNormGradOp: Op<object> = {
  name: "layerNormGrad",
  kind: "kernel",
  infer: (_, __, x, weight) =>
    [x as never, weight as never, weight as never].map(({ shape, dtype }) => ({ shape, dtype })),
  // With a, b and c the gradients that come in for dx, dweight and dbias, and h = b · dy - r · (g · mean(a · x̂) + a · mean(g · x̂))
  // that for x̂. Mean and r count as inputs of their own; the rule of layerNorm leads on to x from there.
  grad: ({ grads }, dy, x, weight, mean, inverse) => {
    const axes = x.shape.map((_, i) => i).slice(mean.rank);
    const perRow = [...mean.shape, ...axes.map(() => 1)];
    const average = (t: Tensor): Tensor => meanOver(t, { axes, keepDims: true });
    const [a, b, c] = [x, weight, weight].map(({ shape, dtype }, i) => grads[i] ?? zeros(shape, { dtype })) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const r = reshape(inverse, perRow);
    const centered = sub(x, reshape(mean, perRow));
    const normalized = mul(centered, r);
    const g = mul(dy, weight);
    const [alongA, alongG] = [average(mul(a, normalized)), average(mul(g, normalized))];
    /** `t` without its mean and its part along x̂. */
    const project = (t: Tensor, along: Tensor): Tensor => sub(sub(t, average(t)), mul(normalized, along));
    const ofG = mul(r, project(a, alongA));
    const h = sub(mul(b, dy), mul(r, add(mul(g, alongA), mul(a, alongG))));
    return [
      add(add(mul(ofG, weight), mul(b, normalized)), c),
      mul(h, r),
      sumTo(mul(ofG, dy), weight.shape),
      neg(sum(mul(h, r), { axes })),
      sum(add(mul(h, centered), mul(a, project(g, alongG))), { axes }),
    ];
  },
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

export function layerNormGrad(grad: Tensor, x: Tensor, weight: Tensor, mean: Tensor, inverse: Tensor): Tensor[] {
  return apply(layerNormGradOp, [grad, x, weight, mean, inverse], {});
}
