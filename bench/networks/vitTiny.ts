import { conv, type Layer, type Network } from "./network.ts";

const [size, image, patch] = [192, 224, 16];

/** ViT-Tiny with patches of 16², without dropout. Touvron et al. 2020, https://arxiv.org/abs/2012.12877 */
export const vitTiny: Network = {
  name: "ViT-Tiny",
  input: [3, image, image],
  classes: 1000,
  features: [
    conv(3, size, patch, { stride: patch, padding: 0, bias: true }),
    { type: "patches" },
    { type: "classToken", size },
    { type: "position", length: (image / patch) ** 2 + 1, size },
    ...Array.from(
      { length: 12 },
      (): Layer => ({ type: "transformerBlock", size, heads: 3, hidden: 4 * size, norm: "before" }),
    ),
    { type: "layerNorm", size },
    { type: "firstToken" },
  ],
  head: [{ type: "linear", in: size, out: 1000 }],
};
