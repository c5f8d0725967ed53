import type { Layer, Network } from "./network.ts";

const [size, length, vocabulary] = [256, 128, 8192];

/** An encoder of BERT-mini's size with its pooler, for two classes; a smaller vocabulary, no dropout. Turc et al. 2019, https://arxiv.org/abs/1908.08962 */
export const bertMini: Network = {
  name: "BERT-mini",
  input: [length],
  vocabulary,
  classes: 2,
  features: [
    { type: "embedding", count: vocabulary, size },
    { type: "position", length, size },
    { type: "layerNorm", size },
    ...Array.from(
      { length: 4 },
      (): Layer => ({ type: "transformerBlock", size, heads: 4, hidden: 4 * size, norm: "after" }),
    ),
    { type: "firstToken" },
  ],
  head: [{ type: "linear", in: size, out: size }, { type: "tanh" }, { type: "linear", in: size, out: 2 }],
};
