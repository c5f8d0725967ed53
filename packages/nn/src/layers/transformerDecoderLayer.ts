import { add, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm } from "./layerNorm.ts";
import { Linear } from "./linear.ts";
import { MultiheadAttention } from "./multiheadAttention.ts";
import { activationOf, type TransformerLayerOptions } from "./transformerEncoderLayer.ts";

/** Masks as {@link MultiheadAttention} takes them, for the target's attention to itself and to the memory. */
export interface DecoderOptions {
  readonly tgtMask?: Tensor;
  readonly tgtKeyPaddingMask?: Tensor;
  /** Whether each position of the target sees those before it alone. Default `false`. */
  readonly tgtIsCausal?: boolean;
  readonly memoryMask?: Tensor;
  readonly memoryKeyPaddingMask?: Tensor;
}

/**
 * Self-attention, attention to the memory (an encoder's output), and a feed-forward network, each added to its input, of
 * the target [L, N, dModel] and memory [S, N, dModel]: x = norm1(x + selfAttention(x));
 * x = norm2(x + attention(x, memory)); y = norm3(x + linear2(activation(linear1(x)))); with `normFirst` what goes into the
 * three is normalised, and not the sums.
 * Parameters: those of `self_attn` and `multihead_attn` ({@link MultiheadAttention}), `linear1`, `linear2`, `norm1`,
 * `norm2` and `norm3`.
 * @throws {ArgumentError} if `dModel` is no multiple of `nhead`. @throws {ShapeError} if shapes do not fit.
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762;
 * https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
 *
 * @example
 * ```ts
 * import { TransformerDecoderLayer } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new TransformerDecoderLayer(8, 2, { dimFeedforward: 16 });
 * console.log(layer.forward(ones([4, 2, 8]), ones([6, 2, 8])).shape); // [4, 2, 8]
 * ```
 */
export class TransformerDecoderLayer extends Module<readonly [tgt: Tensor, memory: Tensor, options?: DecoderOptions]> {
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, bias = true, generator } = options;
    const { batchFirst = false, normFirst = false } = options;
    const draw = generator ? { generator } : {};
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, ...draw });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, ...draw });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, ...draw });
    this.dropout = new Dropout(dropout, draw);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, ...draw });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.norm3 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout, draw);
    this.dropout2 = new Dropout(dropout, draw);
    this.dropout3 = new Dropout(dropout, draw);
    this.activation = activationOf("TransformerDecoderLayer", options.activation);
    this.normFirst = normFirst;
  }

  forward(tgt: Tensor, memory: Tensor, options: DecoderOptions = {}): Tensor {
    const parts: readonly (readonly [LayerNorm, (x: Tensor) => Tensor])[] = [
      [this.norm1, (x) => this.#attendToSelf(x, options)],
      [this.norm2, (x) => this.#attendTo(memory, x, options)],
      [this.norm3, (x) => this.#feed(x)],
    ];
    return parts.reduce(
      (x, [norm, part]) => (this.normFirst ? add(x, part(norm.forward(x))) : norm.forward(add(x, part(x)))),
      tgt,
    );
  }

  #attendToSelf(x: Tensor, options: DecoderOptions): Tensor {
    const { tgtMask: attnMask, tgtKeyPaddingMask: keyPaddingMask, tgtIsCausal: isCausal } = options;
    const masks = { attnMask, keyPaddingMask, isCausal, needWeights: false };
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, masks)[0]);
  }

  #attendTo(memory: Tensor, x: Tensor, options: DecoderOptions): Tensor {
    const { memoryMask: attnMask, memoryKeyPaddingMask: keyPaddingMask } = options;
    const masks = { attnMask, keyPaddingMask, needWeights: false };
    return this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, masks)[0]);
  }

  #feed(x: Tensor): Tensor {
    const hidden = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.dropout3.forward(this.linear2.forward(hidden));
  }
}
