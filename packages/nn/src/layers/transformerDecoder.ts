import type { Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { DecoderOptions } from "./transformerDecoderLayer.ts";
import type { TransformerEncoderOptions } from "./transformerEncoder.ts";

/** What a {@link TransformerDecoder} is made of: a {@link TransformerDecoderLayer}, or a module that takes the same. */
export type DecoderLayer = Module<readonly [tgt: Tensor, memory: Tensor, options?: DecoderOptions]>;

/**
 * Layers one after the other, each with the same memory and masks, and a normalisation in the end. Parameters: those of
 * `layers.0`, `layers.1`, ..., and of `norm`.
 *
 * Differs from PyTorch: layers come from a function that is called once for each, instead of being copies of one, so that
 * they start from values of their own.
 * @param layer makes the layer of a place.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
 *
 * @example
 * ```ts
 * import { TransformerDecoder, TransformerDecoderLayer } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = () => new TransformerDecoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * const decoder = new TransformerDecoder(layer, 2);
 * console.log(decoder.forward(ones([2, 4, 8]), ones([2, 6, 8]), { tgtIsCausal: true }).shape); // [2, 4, 8]
 * ```
 */
export class TransformerDecoder extends Module<readonly [tgt: Tensor, memory: Tensor, options?: DecoderOptions]> {
  readonly layers: readonly DecoderLayer[];
  readonly norm: Module | null;

  constructor(layer: (index: number) => DecoderLayer, numLayers: number, options: TransformerEncoderOptions = {}) {
    super();
    this.layers = Array.from({ length: numLayers }, (_, i) => layer(i));
    this.norm = options.norm ?? null;
  }

  forward(tgt: Tensor, memory: Tensor, options: DecoderOptions = {}): Tensor {
    const x = this.layers.reduce((input, layer) => layer.forward(input, memory, options), tgt);
    return this.norm ? this.norm.forward(x) : x;
  }
}
