import { apply } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { batchNormGrad } from "./batchNormGrad.ts";
import { checkSameDType, floats } from "./define.ts";
import { expand } from "./expand.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";

export interface BatchNormAttrs {
  readonly epsilon: number;
}

/** Calls `visit` with the flat offset and channel of each element of [N, C, ...]. */
export function forEachChannelElement(shape: Shape, visit: (offset: number, channel: number) => void): void {
  const plane = numel(shape.slice(2));
  const channels = shape[1] as number;
  for (let i = 0; i < numel(shape); i++) visit(i, Math.floor(i / plane) % channels);
}

/** Outputs: y, and the batch's mean [C] and biased variance [C]. */
export const batchNormOp: Op<BatchNormAttrs> = {
  name: "batchNorm",
  kind: "kernel",
  infer: (_, x, weight, bias) => {
    checkSameDType("batchNorm", floats, x.dtype, weight?.dtype as never, bias?.dtype as never);
    const channels = x.shape[1];
    if (x.shape.length < 2 || [weight, bias].some((t) => t?.shape.length !== 1 || t.shape[0] !== channels)) {
      throw new ShapeError({
        op: "batchNorm",
        expected: "x [N, C, ...], weight [C] and bias [C]",
        got: [x, weight, bias].map((t) => formatShape(t?.shape ?? [])).join(", "),
      });
    }
    if (numel(x.shape) / (channels as number) < 2) {
      throw new ShapeError({
        op: "batchNorm",
        expected: "more than one value a channel in training mode",
        got: formatShape(x.shape),
        help: "Use a larger batch, or evaluation mode.",
      });
    }
    const perChannel = { shape: [channels as number], dtype: x.dtype };
    return [{ shape: x.shape, dtype: x.dtype }, perChannel, perChannel];
  },
  grad: ({ grads: [grad, ofMean, ofVariance], outputs, attrs }, x, weight) => {
    const [mean, variance] = outputs.slice(1) as [Tensor, Tensor];
    const [dx = null, ...rest] = grad ? batchNormGrad(grad, x, weight, mean, variance, attrs.epsilon) : [];
    if (!ofMean && !ofVariance) return [dx, ...rest];
    // Gradients of gradients, which depend on the statistics too.
    const perChannel = (t: Tensor): Tensor => reshape(t, [t.size, ...x.shape.slice(2).map(() => 1)]);
    const share = weight.size / x.size;
    const terms = [
      ...(dx ? [dx] : []),
      ...(ofMean ? [expand(perChannel(mul(ofMean, share)), x.shape)] : []),
      ...(ofVariance ? [mul(sub(x, perChannel(mean)), perChannel(mul(ofVariance, 2 * share)))] : []),
    ];
    return [terms.reduce((a, b) => add(a, b)), ...rest];
  },
  reference: ({ attrs, outputs }, x, weight, bias) => {
    const [y, mean, variance] = outputs as [typeof x, typeof x, typeof x];
    const channels = x.shape[1] as number;
    const count = x.data.length / channels;
    const [m, v] = [new Float64Array(channels), new Float64Array(channels)];
    forEachChannelElement(x.shape, (i, c) => {
      m[c] = (m[c] as number) + (x.data[i] as number) / count;
    });
    forEachChannelElement(x.shape, (i, c) => {
      v[c] = (v[c] as number) + ((x.data[i] as number) - (m[c] as number)) ** 2 / count;
    });
    forEachChannelElement(x.shape, (i, c) => {
      const normalized = ((x.data[i] as number) - (m[c] as number)) / Math.sqrt((v[c] as number) + attrs.epsilon);
      y.data[i] = normalized * (weight.data[c] as number) + (bias.data[c] as number);
    });
    mean.data.set(m);
    variance.data.set(v);
  },
  samples: [
    { attrs: { epsilon: 1e-5 }, inputs: [[4, 3, 2, 5], [3], [3]] },
    { attrs: { epsilon: 1e-3 }, inputs: [[6, 4], [4], [4]] },
  ],
};

/**
 * Batch normalisation with the batch's own statistics:
 * y = (x - mean) / √(variance + epsilon) · weight + bias, per channel of [N, C, ...].
 * @returns y, and the mean [C] and biased variance [C], through which no gradient flows.
 * @throws {ShapeError} if shapes do not fit, or there is only one value a channel.
 * Source: Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167
 *
 * @example
 * ```ts
 * import { batchNorm, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, 10], [3, 30]]);
 * const { y, mean, variance } = batchNorm(x, tensor([1, 1]), tensor([0, 5]));
 * console.log(mean.toNested(), variance.toNested()); // [2, 20] [1, 100]
 * console.log(y.toNested()); // [[-1.0000, 4.0000], [1.0000, 6.0000]]
 * ```
 */
export function batchNorm(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  epsilon = 1e-5,
): { y: Tensor; mean: Tensor; variance: Tensor } {
  const [y, mean, variance] = apply(batchNormOp, [x, weight, bias], { epsilon }) as [Tensor, Tensor, Tensor];
  return { y, mean: mean.detach(), variance: variance.detach() };
}
