import type { Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { EncoderOptions } from "./transformerEncoderLayer.ts";

/** What a {@link TransformerEncoder} is made of: a {@link TransformerEncoderLayer}, or a module that takes the same. */
export type EncoderLayer = Module<readonly [src: Tensor, options?: EncoderOptions]>;

/** Options of {@link TransformerEncoder}. */
export interface TransformerEncoderOptions {
  /** Applied to the result, such as a {@link LayerNorm}. Default: none. */
  readonly norm?: Module | null;
}

/**
 * Layers one after the other, each with the same masks, and a normalisation in the end. Parameters: those of `layers.0`,
 * `layers.1`, ..., and of `norm`.
 *
 * Differs from PyTorch: layers come from a function that is called once for each, instead of being copies of one, so that
 * they start from values of their own.
 * @param layer makes the layer of a place.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
 *
 * @example
 * ```ts
 * import { LayerNorm, TransformerEncoder, TransformerEncoderLayer } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = () => new TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true, normFirst: true });
 * const encoder = new TransformerEncoder(layer, 3, { norm: new LayerNorm(8) });
 * console.log(encoder.forward(ones([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export class TransformerEncoder extends Module<readonly [src: Tensor, options?: EncoderOptions]> {
  readonly layers: readonly EncoderLayer[];
  readonly norm: Module | null;

  constructor(layer: (index: number) => EncoderLayer, numLayers: number, options: TransformerEncoderOptions = {}) {
    super();
    this.layers = Array.from({ length: numLayers }, (_, i) => layer(i));
    this.norm = options.norm ?? null;
  }

  forward(src: Tensor, options: EncoderOptions = {}): Tensor {
    const x = this.layers.reduce((input, layer) => layer.forward(input, options), src);
    return this.norm ? this.norm.forward(x) : x;
  }
}
