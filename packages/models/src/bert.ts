import { Dropout, gelu, type Linear, Module } from "@graftjs/nn";
import { type Tensor, tanh } from "@graftjs/tensor";
import { attention, mergeHeads, splitHeads } from "./attention.ts";
import type { Draw, HeadOptions } from "./classifier.ts";
import {
  additiveMask,
  checkTokens,
  firstToken,
  ResidualOutput,
  TextClassifier,
  TextEmbeddings,
  type TextEncoderOptions,
  type TextEncoderSizes,
  type TextInputs,
  textEncoderSizes,
  textStd,
} from "./textEncoder.ts";
import { normalLinear } from "./weights.ts";

/** What a {@link Bert} takes besides tokens. */
export interface BertInputs extends TextInputs {
  /** int32 [N, T], 0 for the first sentence and 1 for the second. Default: all 0. */
  readonly tokenTypeIds?: Tensor;
}

/** Options of {@link Bert} and {@link bert}. */
export interface BertOptions extends TextEncoderOptions {
  /** Kinds of sentences. Default 2. */
  readonly tokenTypes?: number;
  /** Dropout before the last layer. Default: that of the blocks. */
  readonly classifierDropout?: number;
}

class SelfAttention extends Module<readonly [x: Tensor, mask: Tensor | null]> {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly dropout: Dropout;
  readonly heads: number;

  constructor({ width, heads, attentionDropout }: TextEncoderSizes, draw: Draw) {
    super();
    this.query = normalLinear(width, width, textStd, draw);
    this.key = normalLinear(width, width, textStd, draw);
    this.value = normalLinear(width, width, textStd, draw);
    this.dropout = new Dropout(attentionDropout, draw);
    this.heads = heads;
  }

  forward(x: Tensor, mask: Tensor | null): Tensor {
    const part = (layer: Linear): Tensor => splitHeads(layer.forward(x), this.heads);
    const { dropout } = this;
    return mergeHeads(attention(part(this.query), part(this.key), part(this.value), { mask, dropout }));
  }
}

class Layer extends Module<readonly [x: Tensor, mask: Tensor | null]> {
  readonly attention: { readonly self: SelfAttention; readonly output: ResidualOutput };
  readonly intermediate: { readonly dense: Linear };
  readonly output: ResidualOutput;

  constructor(sizes: TextEncoderSizes, draw: Draw) {
    super();
    const { width, intermediate, dropout } = sizes;
    this.attention = {
      self: new SelfAttention(sizes, draw),
      output: new ResidualOutput(width, width, dropout, draw),
    };
    this.intermediate = { dense: normalLinear(width, intermediate, textStd, draw) };
    this.output = new ResidualOutput(intermediate, width, dropout, draw);
  }

  forward(x: Tensor, mask: Tensor | null): Tensor {
    const { self, output } = this.attention;
    const y = output.forward(self.forward(x, mask), x);
    return this.output.forward(gelu(this.intermediate.dense.forward(y)), y);
  }
}

/** Embeddings, blocks, and the pooler: tanh(dense(first token)). */
class Encoder extends Module<readonly [inputIds: Tensor, inputs?: BertInputs]> {
  readonly embeddings: TextEmbeddings;
  readonly encoder: { readonly layer: readonly Layer[] };
  readonly pooler: { readonly dense: Linear };
  readonly maxPositions: number;

  constructor(sizes: TextEncoderSizes, tokenTypes: number, draw: Draw) {
    super();
    this.embeddings = new TextEmbeddings(sizes, tokenTypes, draw);
    this.encoder = { layer: Array.from({ length: sizes.depth }, () => new Layer(sizes, draw)) };
    this.pooler = { dense: normalLinear(sizes.width, sizes.width, textStd, draw) };
    this.maxPositions = sizes.maxPositions;
  }

  forward(inputIds: Tensor, { attentionMask, tokenTypeIds }: BertInputs = {}): Tensor {
    checkTokens("Bert", inputIds, this.maxPositions, [attentionMask, tokenTypeIds]);
    const mask = additiveMask(attentionMask);
    const embedded = this.embeddings.forward(inputIds, tokenTypeIds);
    return this.encoder.layer.reduce((x, layer) => layer.forward(x, mask), embedded);
  }

  pool(hidden: Tensor): Tensor {
    return tanh(this.pooler.dense.forward(firstToken(hidden)));
  }
}

/**
 * BERT with a head for classes of texts: token ids [N, T], int32, and optionally a mask and token types, to logits
 * [N, classes], by default 2. Base sizes by default: 109.5 million parameters. Parameters have transformers' names; of
 * files, those of `BertModel`, and the old names of LayerNorm's parameters, are read too. Weights are at first drawn
 * from N(0, 0.02²), the embedding of padding (token 0), which is not
 * trained, and biases are 0.
 * Source: Devlin et al. 2018, https://arxiv.org/abs/1810.04805;
 * https://huggingface.co/docs/transformers/model_doc/bert#transformers.BertForSequenceClassification
 *
 * @example
 * ```ts
 * import { Bert } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const net = skipInit(() => new Bert({ classes: 3 }));
 * console.log(net.eval().forward(tensor([[101, 2023, 102]], undefined, { dtype: "int32" })).shape); // [1, 3]
 * ```
 */
export class Bert extends TextClassifier<readonly [inputIds: Tensor, inputs?: BertInputs]> {
  readonly bert: Encoder;
  override dropout: Dropout;
  override classifier: Linear;

  constructor(options: BertOptions = {}) {
    super();
    const { classes = 2, generator, tokenTypes = 2 } = options;
    const sizes = textEncoderSizes(options, 12);
    const draw = generator ? { generator } : {};
    this.bert = new Encoder(sizes, tokenTypes, draw);
    this.dropout = new Dropout(options.classifierDropout ?? sizes.dropout, draw);
    this.classifier = normalLinear(sizes.width, classes, textStd, draw);
  }

  /**
   * Token ids [N, T] to the features of each token, [N, T, width].
   * @throws {ShapeError} if texts are too long, or mask or token types have another shape. @throws {DTypeError} if ids
   * are not int32.
   */
  override forwardFeatures(inputIds: Tensor, inputs: BertInputs = {}): Tensor {
    return this.bert.forward(inputIds, inputs);
  }

  /** Before the logits: the pooler's output [N, width], tanh of a linear layer of the first token. */
  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = this.bert.pool(features);
    return preLogits ? pooled : this.classifier.forward(this.dropout.forward(pooled));
  }

  /** The names of `BertModel`, without `bert.`; and `gamma` and `beta` of LayerNorm. */
  override weightName(name: string): string {
    return name
      .replace(/^(?=(embeddings|encoder|pooler)\.)/, "bert.")
      .replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
      .replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  }
}

/**
 * {@link Bert}.
 *
 * @example
 * ```ts
 * import { bert } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => bert()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 109483778
 * console.log(net.getClassifier().weight.shape[1]); // 768
 * ```
 */
export function bert(options: BertOptions = {}): Bert {
  return new Bert(options);
}
