import { Dropout, gelu, LayerNorm, type Linear, Module } from "@graftjs/nn";
import { add, relu, type Tensor } from "@graftjs/tensor";
import { attention, mergeHeads, splitHeads } from "./attention.ts";
import type { Draw, HeadOptions } from "./classifier.ts";
import {
  additiveMask,
  checkTokens,
  firstToken,
  TextClassifier,
  TextEmbeddings,
  type TextEncoderOptions,
  type TextEncoderSizes,
  type TextInputs,
  textEncoderSizes,
  textEps,
  textStd,
} from "./textEncoder.ts";
import { normalLinear } from "./weights.ts";

/** Options of {@link DistilBert} and {@link distilBert}. */
export interface DistilBertOptions extends TextEncoderOptions {
  /** Dropout before the last layer. Default 0.2. */
  readonly classifierDropout?: number;
}

class SelfAttention extends Module<readonly [x: Tensor, mask: Tensor | null]> {
  readonly qLin: Linear;
  readonly kLin: Linear;
  readonly vLin: Linear;
  readonly outLin: Linear;
  readonly dropout: Dropout;
  readonly heads: number;

  constructor({ width, heads, attentionDropout }: TextEncoderSizes, draw: Draw) {
    super();
    this.qLin = normalLinear(width, width, textStd, draw);
    this.kLin = normalLinear(width, width, textStd, draw);
    this.vLin = normalLinear(width, width, textStd, draw);
    this.outLin = normalLinear(width, width, textStd, draw);
    this.dropout = new Dropout(attentionDropout, draw);
    this.heads = heads;
  }

  forward(x: Tensor, mask: Tensor | null): Tensor {
    const part = (layer: Linear): Tensor => splitHeads(layer.forward(x), this.heads);
    const { dropout } = this;
    return this.outLin.forward(
      mergeHeads(attention(part(this.qLin), part(this.kLin), part(this.vLin), { mask, dropout })),
    );
  }
}

class Block extends Module<readonly [x: Tensor, mask: Tensor | null]> {
  readonly attention: SelfAttention;
  readonly saLayerNorm: LayerNorm;
  readonly ffn: { readonly lin1: Linear; readonly lin2: Linear };
  readonly dropout: Dropout;
  readonly outputLayerNorm: LayerNorm;

  constructor(sizes: TextEncoderSizes, draw: Draw) {
    super();
    const { width, intermediate, dropout } = sizes;
    this.attention = new SelfAttention(sizes, draw);
    this.saLayerNorm = new LayerNorm(width, { eps: textEps });
    this.ffn = {
      lin1: normalLinear(width, intermediate, textStd, draw),
      lin2: normalLinear(intermediate, width, textStd, draw),
    };
    this.dropout = new Dropout(dropout, draw);
    this.outputLayerNorm = new LayerNorm(width, { eps: textEps });
  }

  forward(x: Tensor, mask: Tensor | null): Tensor {
    const y = this.saLayerNorm.forward(add(this.attention.forward(x, mask), x));
    const hidden = this.ffn.lin2.forward(gelu(this.ffn.lin1.forward(y)));
    return this.outputLayerNorm.forward(add(this.dropout.forward(hidden), y));
  }
}

class Encoder extends Module<readonly [inputIds: Tensor, inputs?: TextInputs]> {
  readonly embeddings: TextEmbeddings;
  readonly transformer: { readonly layer: readonly Block[] };
  readonly maxPositions: number;

  constructor(sizes: TextEncoderSizes, draw: Draw) {
    super();
    this.embeddings = new TextEmbeddings(sizes, 0, draw);
    this.transformer = { layer: Array.from({ length: sizes.depth }, () => new Block(sizes, draw)) };
    this.maxPositions = sizes.maxPositions;
  }

  forward(inputIds: Tensor, { attentionMask }: TextInputs = {}): Tensor {
    checkTokens("DistilBert", inputIds, this.maxPositions, [attentionMask]);
    const mask = additiveMask(attentionMask);
    return this.transformer.layer.reduce((x, block) => block.forward(x, mask), this.embeddings.forward(inputIds));
  }
}

/**
 * DistilBERT with a head for classes of texts: token ids [N, T], int32, and optionally a mask, to logits [N, classes], by
 * default 2. Base sizes and 6 blocks by default: 67.0 million parameters. Parameters have transformers' names; files with
 * those of `DistilBertModel` are read too. Weights are at first drawn from N(0, 0.02²), the embedding of padding
 * (token 0), which is not trained, and biases are 0.
 * Source: Sanh et al. 2019, https://arxiv.org/abs/1910.01108;
 * https://huggingface.co/docs/transformers/model_doc/distilbert#transformers.DistilBertForSequenceClassification
 *
 * @example
 * ```ts
 * import { DistilBert } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const net = skipInit(() => new DistilBert({ classes: 3 }));
 * console.log(net.eval().forward(tensor([[101, 2023, 102]], undefined, { dtype: "int32" })).shape); // [1, 3]
 * ```
 */
export class DistilBert extends TextClassifier<readonly [inputIds: Tensor, inputs?: TextInputs]> {
  readonly distilbert: Encoder;
  preClassifier: Linear;
  override dropout: Dropout;
  override classifier: Linear;

  constructor(options: DistilBertOptions = {}) {
    super();
    const { classes = 2, generator, classifierDropout = 0.2 } = options;
    const sizes = textEncoderSizes(options, 6);
    const draw = generator ? { generator } : {};
    this.distilbert = new Encoder(sizes, draw);
    this.preClassifier = normalLinear(sizes.width, sizes.width, textStd, draw);
    this.dropout = new Dropout(classifierDropout, draw);
    this.classifier = normalLinear(sizes.width, classes, textStd, draw);
  }

  /**
   * Token ids [N, T] to the features of each token, [N, T, width].
   * @throws {ShapeError} if texts are too long, or the mask has another shape. @throws {DTypeError} if ids are not int32.
   */
  override forwardFeatures(inputIds: Tensor, inputs: TextInputs = {}): Tensor {
    return this.distilbert.forward(inputIds, inputs);
  }

  /** Before the logits: relu of a linear layer of the first token, [N, width]. */
  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = relu(this.preClassifier.forward(firstToken(features)));
    return preLogits ? pooled : this.classifier.forward(this.dropout.forward(pooled));
  }

  override resetHead(classes: number, options: Draw = {}): void {
    const width = this.preClassifier.weight.shape[0] as number;
    this.preClassifier = normalLinear(width, width, textStd, options);
    this.resetClassifier(classes, options);
  }

  /** The names of `DistilBertModel`, without `distilbert.`. */
  override weightName(name: string): string {
    return name.replace(/^(?=(embeddings|transformer)\.)/, "distilbert.");
  }

  /** Also the hidden layer of the head, which the encoder's files lack. */
  override isHead(name: string): boolean {
    return /^(pre_classifier|classifier)\./.test(name);
  }
}

/**
 * {@link DistilBert}.
 *
 * @example
 * ```ts
 * import { distilBert } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => distilBert()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 66955010
 * console.log(net.getClassifier().weight.shape[1]); // 768
 * ```
 */
export function distilBert(options: DistilBertOptions = {}): DistilBert {
  return new DistilBert(options);
}
