import { Conv2d, type Conv2dOptions, Embedding, Linear, normal } from "@graftjs/nn";
import type { Draw } from "./classifier.ts";

/** A linear layer whose weights are drawn from N(0, std²), and whose bias is 0. */
export function normalLinear(inFeatures: number, outFeatures: number, std: number, draw: Draw): Linear {
  const linear = new Linear(inFeatures, outFeatures, {
    ...draw,
    initialize: (shape) => normal(shape, { std, ...draw }),
  });
  linear.bias?.assign(new Float32Array(outFeatures));
  return linear;
}

/** A convolution whose weights are drawn from N(0, std²), and whose bias is 0. */
export function normalConv2d(
  inChannels: number,
  outChannels: number,
  size: number,
  { std, ...options }: Conv2dOptions & { readonly std: number },
  draw: Draw,
): Conv2d {
  const initialize: Conv2dOptions["initialize"] = (shape) => normal(shape, { std, ...draw });
  const conv = new Conv2d(inChannels, outChannels, size, { ...options, ...draw, initialize });
  conv.bias?.assign(new Float32Array(outChannels));
  return conv;
}

/** A table whose rows are drawn from N(0, std²); the row of `padding`, if given, is 0 and stays so. */
export function normalEmbedding(count: number, size: number, std: number, draw: Draw, padding?: number): Embedding {
  return new Embedding(count, size, {
    initialize: (shape) => normal(shape, { std, ...draw }),
    ...(padding !== undefined && { paddingIdx: padding }),
  });
}
