import { ArgumentError, add, type Generator, relu, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { Dropout } from "./dropout.ts";
import { gelu } from "./gelu.ts";
import { LayerNorm } from "./layerNorm.ts";
import { Linear } from "./linear.ts";
import { MultiheadAttention } from "./multiheadAttention.ts";

/** Options of {@link activationOf} and {@link TransformerEncoderLayer}. */
export interface TransformerLayerOptions {
  /** Width of the feed-forward network. Default 2048. */
  readonly dimFeedforward?: number;
  /** Share that is dropped of attention weights, of hidden features, and of what goes into the sums. Default 0.1. */
  readonly dropout?: number;
  /** Of the feed-forward network. Default `relu`; `gelu` is the exact one. */
  readonly activation?: "relu" | "gelu" | ((x: Tensor) => Tensor);
  /** Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether tensors are [N, L, E] instead of [L, N, E]. Default `false`. */
  readonly batchFirst?: boolean;
  /** Whether what goes into attention and feed-forward network is normalised, instead of the sums. Default `false`. */
  readonly normFirst?: boolean;
  /** Whether projections and normalisations have a bias. Default `true`. */
  readonly bias?: boolean;
  /** What initial values and dropout are drawn from. */
  readonly generator?: Generator;
}

/** Options of {@link TransformerEncoderLayer}. */
export interface EncoderOptions {
  /** As `attnMask` of {@link MultiheadAttention}. */
  readonly mask?: Tensor;
  /** As `keyPaddingMask` of {@link MultiheadAttention}. */
  readonly srcKeyPaddingMask?: Tensor;
  /** Whether each position sees those before it alone. Default `false`. */
  readonly isCausal?: boolean;
}

/** @throws {ArgumentError} for an unknown word. */
export function activationOf(op: string, activation: TransformerLayerOptions["activation"]): (x: Tensor) => Tensor {
  if (typeof activation === "function") return activation;
  if (activation === undefined || activation === "relu") return relu;
  if (activation === "gelu") return (x) => gelu(x);
  throw new ArgumentError({ op, expected: "activation relu, gelu or a function", got: String(activation) });
}

/**
 * Self-attention and a feed-forward network, each added to its input, of x [L, N, dModel]:
 * x = norm1(x + attention(x)); y = norm2(x + linear2(activation(linear1(x)))); with `normFirst`
 * x = x + attention(norm1(x)); y = x + feedForward(norm2(x)).
 * Parameters: those of `self_attn` ({@link MultiheadAttention}), `linear1`, `linear2`, `norm1` and `norm2`.
 * @throws {ArgumentError} if `dModel` is no multiple of `nhead`. @throws {ShapeError} if shapes do not fit.
 * Source: Vaswani et al. 2017, https://arxiv.org/abs/1706.03762;
 * https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
 *
 * @example
 * ```ts
 * import { TransformerEncoderLayer } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 16, activation: "gelu" });
 * console.log(layer.forward(ones([5, 2, 8])).shape); // [5, 2, 8]
 * ```
 */
export class TransformerEncoderLayer extends Module<readonly [src: Tensor, options?: EncoderOptions]> {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, bias = true, generator } = options;
    const { batchFirst = false, normFirst = false } = options;
    const draw = generator ? { generator } : {};
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, ...draw });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, ...draw });
    this.dropout = new Dropout(dropout, draw);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, ...draw });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout, draw);
    this.dropout2 = new Dropout(dropout, draw);
    this.activation = activationOf("TransformerEncoderLayer", options.activation);
    this.normFirst = normFirst;
  }

  forward(src: Tensor, options: EncoderOptions = {}): Tensor {
    if (this.normFirst) {
      const x = add(src, this.#attend(this.norm1.forward(src), options));
      return add(x, this.#feed(this.norm2.forward(x)));
    }
    const x = this.norm1.forward(add(src, this.#attend(src, options)));
    return this.norm2.forward(add(x, this.#feed(x)));
  }

  #attend(x: Tensor, { mask: attnMask, srcKeyPaddingMask: keyPaddingMask, isCausal }: EncoderOptions): Tensor {
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false };
    return this.dropout1.forward(this.selfAttn.forward(x, x, x, options)[0]);
  }

  #feed(x: Tensor): Tensor {
    const hidden = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.dropout2.forward(this.linear2.forward(hidden));
  }
}
