import { apply } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { equalShapes, formatShape, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, floats } from "./define.ts";
import { expand } from "./expand.ts";
import { layerNormGrad } from "./layerNormGrad.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";

export interface LayerNormAttrs {
  readonly epsilon: number;
}

/** Outputs: y, and the mean and 1 / √(variance + epsilon) of each row, of the shape of the leading axes. */
export const layerNormOp: Op<LayerNormAttrs> = {
  name: "layerNorm",
  kind: "kernel",
  infer: (_, x, weight, bias) => {
    checkSameDType("layerNorm", floats, x.dtype, weight?.dtype as never, bias?.dtype as never);
    const { shape } = weight as TensorSpec;
    const lead = x.shape.length - shape.length;
    if (lead < 0 || !equalShapes(x.shape.slice(lead), shape) || !equalShapes(shape, bias?.shape ?? [])) {
      throw new ShapeError({
        op: "layerNorm",
        expected: "x [..., *shape], weight and bias of that shape",
        got: [x, weight, bias].map((t) => formatShape(t?.shape ?? [])).join(", "),
      });
    }
    const perRow = { shape: x.shape.slice(0, lead), dtype: x.dtype };
    return [{ shape: x.shape, dtype: x.dtype }, perRow, perRow];
  },
  grad: ({ grads: [grad, ofMean, ofInverse], outputs }, x, weight) => {
    const [mean, inverse] = outputs.slice(1) as [Tensor, Tensor];
    const [dx = null, ...rest] = grad ? layerNormGrad(grad, x, weight, mean, inverse) : [];
    if (!ofMean && !ofInverse) return [dx, ...rest];
    // Gradients of gradients, which depend on the statistics too.
    const perRow = (t: Tensor): Tensor => reshape(t, [...t.shape, ...weight.shape.map(() => 1)]);
    const cube = mul(mul(inverse, inverse), inverse);
    const terms = [
      ...(dx ? [dx] : []),
      ...(ofMean ? [expand(perRow(mul(ofMean, 1 / weight.size)), x.shape)] : []),
      ...(ofInverse ? [mul(sub(x, perRow(mean)), perRow(mul(mul(ofInverse, cube), -1 / weight.size)))] : []),
    ];
    return [terms.reduce((a, b) => add(a, b)), ...rest];
  },
  reference: ({ attrs, outputs }, x, weight, bias) => {
    const [y, mean, inverse] = outputs as [typeof x, typeof x, typeof x];
    const length = numel(weight.shape);
    for (let row = 0; row * length < x.data.length; row++) {
      const values = x.data.subarray(row * length, (row + 1) * length);
      const m = (values as Float64Array).reduce((sum, v) => sum + v, 0) / length;
      const variance = (values as Float64Array).reduce((sum, v) => sum + (v - m) ** 2, 0) / length;
      const scale = 1 / Math.sqrt(variance + attrs.epsilon);
      values.forEach((v: number, i: number) => {
        y.data[row * length + i] = (v - m) * scale * (weight.data[i] as number) + (bias.data[i] as number);
      });
      mean.data[row] = m;
      inverse.data[row] = scale;
    }
  },
  samples: [
    { attrs: { epsilon: 1e-5 }, inputs: [[3, 7], [7], [7]] },
    {
      attrs: { epsilon: 1e-3 },
      inputs: [
        [2, 3, 4, 5],
        [4, 5],
        [4, 5],
      ],
    },
  ],
};

/**
 * Layer normalisation over the last axes, those of `weight`:
 * y = (x - mean) / √(variance + epsilon) · weight + bias, with the biased variance.
 * @returns y, and the mean and 1 / √(variance + epsilon) [...], through which no gradient flows.
 * @throws {ShapeError} if the last axes of `x` are not those of weight and bias. @throws {DTypeError} if not float.
 * Source: Ba et al. 2016, https://arxiv.org/abs/1607.06450
 *
 * @example
 * ```ts
 * import { layerNorm, tensor } from "@graftjs/tensor";
 *
 * const { y } = layerNorm(tensor([[1, 3], [10, 30]]), tensor([1, 1]), tensor([0, 5]));
 * console.log(y.toNested()); // [[-1.0000, 6.0000], [-1.0000, 6.0000]]
 * ```
 */
export function layerNorm(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  epsilon = 1e-5,
): { y: Tensor; mean: Tensor; inverseDeviation: Tensor } {
  const [y, mean, inverse] = apply(layerNormOp, [x, weight, bias], { epsilon }) as [Tensor, Tensor, Tensor];
  return { y, mean: mean.detach(), inverseDeviation: inverse.detach() };
}
