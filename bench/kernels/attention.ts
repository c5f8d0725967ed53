import { matmul, mul, softmax } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

/** [N, heads, L, D of a head] of ViT-Tiny and of BERT-mini. */
const shapes = [
  [8, 3, 197, 64],
  [8, 4, 128, 64],
] as const;

/** Scores, softmax, and the mean of the values. */
export const attention: readonly Kernel[] = shapes.flatMap((shape) => {
  const [batch, heads, length, size] = shape;
  const products = 2 * batch * heads * length ** 2 * size;
  const forward: Kernel = {
    name: `${shape}`,
    shapes: [shape, shape, shape],
    compute: (q, k, v) => matmul(softmax(mul(matmul(q, k, { transposeB: true }), size ** -0.5)), v),
    flops: 2 * products,
  };
  // In the queries alone: the forward pass's product of scores, and two of the gradient.
  return [forward, { ...gradient(forward, 0, shape), flops: 3 * products, name: `${shape}, gradient in the queries` }];
});
