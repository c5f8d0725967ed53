import {
  add,
  batchNorm,
  clamp,
  conv2d,
  erf,
  gelu,
  gradients,
  greater,
  hardtanh,
  matmul,
  mean,
  mul,
  relu,
  relu6,
  reshape,
  rsqrt,
  type Shape,
  scaledDotProductAttention,
  sigmoid,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
} from "@graftjs/tensor";
import { uniformArray } from "../random.ts";
import type { Case } from "./case.ts";

const random = (shape: Shape, seed: number): Tensor =>
  tensor(
    uniformArray(
      shape.reduce((n, d) => n * d, 1),
      seed,
    ),
    shape,
  );

type Body = (...inputs: Tensor[]) => readonly Tensor[];

const matrices: Record<string, (...inputs: [Tensor, Tensor, Tensor, Tensor, Tensor]) => readonly Tensor[]> = {
  // a [9, 12], b [12, 7], c [9, 7], row [7], column [9, 1]
  "product + bias": (a, b, _c, row) => [add(matmul(a, b), row)],
  "bias + product, relu": (a, b, _c, row) => [relu(add(row, matmul(a, b)))],
  "product + residual": (a, b, c) => [add(matmul(a, b), c)],
  "product + bias + residual, relu6": (a, b, c, row) => [relu6(add(add(matmul(a, b), row), c))],
  "product + residual + bias": (a, b, c, row) => [add(add(matmul(a, b), c), row)],
  "product + column": (a, b, _c, _row, column) => [add(matmul(a, b), column)],
  "product + scalar": (a, b) => [add(matmul(a, b), 0.5)],
  "product + itself": (a, b) => {
    const y = matmul(a, b);
    return [add(y, y)];
  },
  "sum of two products": (a, b, c) => [add(matmul(a, b), matmul(c, matmul(c, c, { transposeA: true })))],
  "residual - product": (a, b, c) => [sub(c, matmul(a, b))],
  "product, also returned before relu": (a, b) => {
    const y = matmul(a, b);
    return [y, relu(y)];
  },
  "product, relu, also summed": (a, b) => {
    const y = relu(matmul(a, b));
    return [y, sum(y)];
  },
  "product, reshaped, + residual": (a, b, c) => [add(reshape(matmul(a, b), [7, 9]), reshape(c, [7, 9]))],
  "product, transposed, + residual": (a, b, c) => [add(transpose(matmul(a, b), 0, 1), transpose(c, 0, 1))],
  "clamp of product, then more": (a, b, c) => [mul(clamp(matmul(a, b), -0.5, 0.5), c)],
  "product + bias, also returned before gelu": (a, b, _c, row) => {
    const y = add(matmul(a, b), row);
    return [y, gelu(y)];
  },
  "product + bias, squared": (a, b, _c, row) => {
    const y = add(matmul(a, b), row);
    return [mul(y, y)];
  },
  "product + bias, times itself without": (a, b, _c, row) => {
    const y = matmul(a, b);
    return [mul(add(y, row), y)];
  },
  "product + residual, times the residual": (a, b, c) => [mul(add(matmul(a, b), c), c)],
  "stack of rows + bias, gelu, residual": (a, b, c, row) => {
    const y = add(matmul(reshape(a, [3, 3, 12]), b), row);
    return [gelu(y), add(y, reshape(c, [3, 3, 7]))];
  },
  "product + bias, read as other rows": (a, b) => {
    const y = reshape(matmul(a, b), [7, 9]);
    return [add(y, sum(y, { axes: 0 })), add(reshape(matmul(a, b), [21, 3]), tensor([1, 2, 3]))];
  },
  "product, residual computed later": (a, b, c) => {
    const y = matmul(a, b);
    return [add(y, sigmoid(mul(c, 2)))];
  },
};

const images: Record<string, (...inputs: [Tensor, Tensor, Tensor, Tensor]) => readonly Tensor[]> = {
  // x [2, 6, 8, 9], w [6, 6, 3, 3], bias [6], residual [2, 6, 8, 9]
  "convolution, relu": (x, w, b) => [relu(conv2d(x, w, b, { padding: 1 }))],
  "convolution + residual, relu": (x, w, b, r) => [relu(add(conv2d(x, w, b, { padding: 1 }), r))],
  "residual block": (x, w, b) => {
    const inner = relu(conv2d(x, w, b, { padding: 1 }));
    return [relu(add(conv2d(inner, w, b, { padding: 1 }), x))];
  },
  "sum of two convolutions": (x, w, b, r) => [add(conv2d(x, w, b, { padding: 1 }), conv2d(r, w, null, { padding: 1 }))],
  "convolution, scale and shift of channels, relu6": (x, w, b) => {
    const [scale, shift] = [reshape(add(b, 2), [1, 6, 1, 1]), reshape(b, [6, 1, 1])];
    return [relu6(add(mul(conv2d(x, w, null, { padding: 1 }), scale), shift))];
  },
  "convolution with bias, scale and shift in another order, residual, relu": (x, w, b, r) => {
    const [scale, shift] = [reshape(add(b, 2), [6, 1, 1]), reshape(b, [1, 6, 1, 1])];
    return [relu(add(r, add(shift, mul(scale, conv2d(x, w, b, { padding: 1 })))))];
  },
  "depthwise convolution, scale alone": (x, w, b) => {
    const one = reshape(sum(w, { axes: 1 }), [6, 1, 3, 3]);
    return [mul(conv2d(x, one, b, { padding: 1, groups: 6 }), reshape(b, [6, 1, 1]))];
  },
  "convolution, shift alone": (x, w, b) => [add(reshape(b, [6, 1, 1]), conv2d(x, w, null, { padding: 1 }))],
  "convolution, scale that its mean is part of": (x, w, b) => {
    const y = conv2d(x, w, b, { padding: 1 });
    const scale = reshape(sum(y, { axes: [0, 2, 3] }), [6, 1, 1]);
    return [add(mul(y, scale), reshape(b, [6, 1, 1]))];
  },
  "convolution, scaled, also returned without": (x, w, b) => {
    const y = conv2d(x, w, b, { padding: 1 });
    return [y, mul(y, reshape(b, [6, 1, 1]))];
  },
  "convolution, scaled, gradient of the scale": (x, w, b) => {
    const leaf = add(b, 2).detach();
    leaf.requiresGrad = true;
    const y = mul(conv2d(x, w, null, { padding: 1 }), reshape(leaf, [6, 1, 1]));
    return [y, gradients(sum(mul(y, y)), [leaf])[0] as Tensor];
  },
  "convolution, batchNorm, relu": (x, w, b) => {
    const { y, mean, variance } = batchNorm(conv2d(x, w, null, { padding: 1 }), add(b, 2), b);
    return [relu(y), mean, variance];
  },
  ...Object.fromEntries(
    Object.entries({
      relu,
      relu6: (y: Tensor) => relu6(mul(y, 5)),
      hardtanh,
      "hardtanh of odd bounds": (y: Tensor) => hardtanh(y, -0.3, 0.7),
    }).map(([name, activation]): [string, Body] => [
      `batchNorm, ${name}, gradients`,
      (x, _w, b, r) => {
        const leaves = [x, add(b, 1), b].map((t) => t.detach()) as [Tensor, Tensor, Tensor];
        for (const t of leaves) t.requiresGrad = true;
        const y = activation(batchNorm(...leaves).y);
        return [y, ...(gradients(sum(mul(mul(y, y), r)), leaves) as Tensor[])];
      },
    ]),
  ),
  "batchNorm, relu, gradients, also of what is before relu": (x, _w, b, r) => {
    const leaf = x.detach();
    leaf.requiresGrad = true;
    const { y } = batchNorm(leaf, add(b, 1), b);
    return [relu(y), gradients(sum(mul(add(relu(y), y), r)), [leaf])[0] as Tensor];
  },
  "depthwise convolution + residual, clamp": (x, w, b, r) => {
    const one = reshape(sum(w, { axes: 1 }), [6, 1, 3, 3]);
    return [clamp(add(conv2d(x, one, b, { padding: 1, groups: 6 }), r), -1, 1)];
  },
  "pointwise convolution + residual": (x, w, b, r) => {
    const point = sum(w, { axes: [2, 3], keepDims: true });
    return [add(conv2d(x, point, b), r)];
  },
};

/** Activations between products, whose gradients may compute them again. x [9, 12], w [12, 12] */
const activations: Record<string, (x: Tensor) => Tensor> = {
  gelu,
  "gelu of erf": (x) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)),
  "gelu by tanh": (x) => mul(mul(x, 0.5), add(tanh(mul(mul(x, add(mul(mul(x, x), 0.044715), 1)), 0.7978845608)), 1)),
  silu: (x) => mul(x, sigmoid(x)),
  hardswish: (x) => mul(x, mul(clamp(add(x, 3), 0, 6), 1 / 6)),
  normalized: (x) => {
    const centered = sub(x, mean(x, { axes: 1, keepDims: true }));
    return mul(centered, rsqrt(add(mean(mul(centered, centered), { axes: 1, keepDims: true }), 1e-3)));
  },
};

const between =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor, w: Tensor): readonly Tensor[] => {
    const leaf = w.detach();
    leaf.requiresGrad = true;
    const y = matmul(f(matmul(f(matmul(x, leaf)), leaf)), leaf);
    return [y, gradients(sum(mul(y, y)), [leaf])[0] as Tensor];
  };

/** Of stacks of queries, keys, values, and a mask. */
const attentions: Record<string, (q: Tensor, k: Tensor, v: Tensor, mask: Tensor) => Tensor> = {
  attention: (q, k, v) => scaledDotProductAttention(q, k, v),
  "attention, causal": (q, k, v) => scaledDotProductAttention(q, k, v, { isCausal: true }),
  "attention, mask": (q, k, v, mask) => scaledDotProductAttention(q, k, v, { mask }),
  "attention, bool mask": (q, k, v, mask) => scaledDotProductAttention(q, k, v, { mask: greater(mask, 0) }),
};

/** What devices may fold into a convolution or a matrix product, and what looks like it but must not be. */
export function fusionCases(): Case[] {
  const forMatrices = [random([9, 12], 1), random([12, 7], 2), random([9, 7], 3), random([7], 4), random([9, 1], 5)];
  const forImages = [random([2, 6, 8, 9], 1), random([6, 6, 3, 3], 2), random([6], 3), random([2, 6, 8, 9], 4)];
  const forHeads = [
    random([2, 3, 17, 5], 1),
    random([2, 3, 9, 5], 2),
    random([2, 3, 9, 6], 3),
    random([2, 1, 17, 9], 4),
  ];
  const tolerance = { scale: 1e-5 };
  const cases = [
    ...Object.entries(activations).map(([name, f]) => ({
      name: `${name} between products, with gradient`,
      fn: between(f) as Body,
      inputs: [random([9, 12], 1), random([12, 12], 2)],
      tolerance: { scale: 1e-5 },
    })),
    ...Object.entries(matrices).map(([name, fn]) => ({ name, fn: fn as Body, inputs: forMatrices, tolerance })),
    ...Object.entries(attentions).map(([name, f]) => ({
      name,
      fn: ((q: Tensor, k: Tensor, v: Tensor, mask: Tensor) => [f(q, k, v, mask)]) as Body,
      inputs: forHeads,
      tolerance,
    })),
    ...Object.entries(images).map(([name, fn]) => ({ name, fn: fn as Body, inputs: forImages, tolerance })),
  ];
  // Once more with all inputs but the first as states, from which constants are computed apart.
  const frozen = cases.map(({ name, fn, inputs: [first, ...others], tolerance }) => ({
    name: `${name}, frozen`,
    fn: (x: Tensor) => fn(x, ...others),
    inputs: [first as Tensor],
    tolerance,
  }));
  return [...cases, ...frozen];
}
