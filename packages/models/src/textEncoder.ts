import { Dropout, type Embedding, LayerNorm, type Linear, Module } from "@graftjs/nn";
import { add, cast, formatShape, isFloat, mul, reshape, ShapeError, slice, sub, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw } from "./classifier.ts";
import { normalEmbedding, normalLinear } from "./weights.ts";

/** What the encoders for text have in common. Their weights are drawn from N(0, 0.02²). */
export interface TextEncoderOptions extends ClassifierOptions {
  /** Number of tokens. Default 30522. */
  readonly vocabularySize?: number;
  /** Size of a token's features. Default 768. */
  readonly width?: number;
  /** Number of blocks. */
  readonly depth?: number;
  /** Attention heads in each. Default 12. */
  readonly heads?: number;
  /** Size of the hidden layer of each block. Default 3072. */
  readonly intermediate?: number;
  /** The longest text, in tokens. Default 512. */
  readonly maxPositions?: number;
  /** Dropout after the embeddings and after each half of a block. Default 0.1. */
  readonly dropout?: number;
  /** Dropout of the attention weights. Default 0.1. */
  readonly attentionDropout?: number;
}

/** What an encoder of text takes besides tokens. */
export interface TextInputs {
  /** [N, T], 1 where there is a token and 0 where there is padding; of any dtype. Default: no padding. */
  readonly attentionMask?: Tensor;
}

/** Standard deviation of the weights of transformers' encoders for text, at first. */
export const textStd = 0.02;

/** What is added to variances in their normalisation layers. */
export const textEps = 1e-12;

/** @throws {ShapeError} unless `inputIds` is [N, T], T not beyond `maxPositions`, and all others are of its shape. */
export function checkTokens(
  op: string,
  inputIds: Tensor,
  maxPositions: number,
  others: readonly (Tensor | undefined)[],
): void {
  const [, t = 0] = inputIds.shape;
  if (inputIds.rank !== 2 || t < 1 || t > maxPositions) {
    const expected = `token ids [N, T], T from 1 to ${maxPositions}`;
    throw new ShapeError({ op, expected, got: formatShape(inputIds.shape) });
  }
  for (const other of others) {
    if (other && formatShape(other.shape) !== formatShape(inputIds.shape)) {
      const expected = `mask and token types of the ids' shape ${formatShape(inputIds.shape)}`;
      throw new ShapeError({ op, expected, got: formatShape(other.shape) });
    }
  }
}

/** What is added to the scores of attention, [N, 1, 1, T]: 0 for tokens, the lowest float32 for padding. */
export function additiveMask(mask: Tensor | undefined): Tensor | null {
  if (!mask) return null;
  const [n, t] = mask.shape as [number, number];
  const kept = isFloat(mask.dtype) ? mask : cast(mask, "float32");
  return reshape(mul(sub(1, kept), -3.4028234663852886e38), [n, 1, 1, t]);
}

/** The embeddings of the first `length` positions, [1, length, width]. */
function positions({ weight }: Embedding, length: number): Tensor {
  return reshape(slice(weight, 0, 0, length), [1, length, weight.shape[1] as number]);
}

/** The features of the first token: [N, T, width] to [N, width]. */
export function firstToken(hidden: Tensor): Tensor {
  const [n, , width] = hidden.shape as [number, number, number];
  return reshape(slice(hidden, 1, 0, 1), [n, width]);
}

/** A module whose field `norm` is called `LayerNorm` in a state dict. */
export abstract class WithLayerNorm<Inputs extends readonly unknown[]> extends Module<Inputs> {
  abstract readonly norm: LayerNorm;

  protected override *members(): Iterable<readonly [string, unknown]> {
    for (const [name, value] of super.members()) yield [name === "norm" ? "LayerNorm" : name, value];
  }
}

/** norm(dropout(dense(hidden)) + x): what ends each half of a BERT block. */
export class ResidualOutput extends WithLayerNorm<readonly [hidden: Tensor, x: Tensor]> {
  readonly dense: Linear;
  override readonly norm: LayerNorm;
  readonly dropout: Dropout;

  constructor(input: number, width: number, dropout: number, draw: Draw) {
    super();
    this.dense = normalLinear(input, width, textStd, draw);
    this.norm = new LayerNorm(width, { eps: textEps });
    this.dropout = new Dropout(dropout, draw);
  }

  forward(hidden: Tensor, x: Tensor): Tensor {
    return this.norm.forward(add(this.dropout.forward(this.dense.forward(hidden)), x));
  }
}

/** dropout(norm(word + token type + position)); without token types, if there are none. */
export class TextEmbeddings extends WithLayerNorm<readonly [inputIds: Tensor, tokenTypeIds?: Tensor | undefined]> {
  readonly wordEmbeddings: Embedding;
  readonly positionEmbeddings: Embedding;
  readonly tokenTypeEmbeddings: Embedding | null;
  override readonly norm: LayerNorm;
  readonly dropout: Dropout;

  constructor({ vocabularySize, maxPositions, width, dropout }: TextEncoderSizes, tokenTypes: number, draw: Draw) {
    super();
    this.wordEmbeddings = normalEmbedding(vocabularySize, width, textStd, draw, 0);
    this.positionEmbeddings = normalEmbedding(maxPositions, width, textStd, draw);
    this.tokenTypeEmbeddings = tokenTypes > 0 ? normalEmbedding(tokenTypes, width, textStd, draw) : null;
    this.norm = new LayerNorm(width, { eps: textEps });
    this.dropout = new Dropout(dropout, draw);
  }

  /** Token ids and token types (default: all 0) [N, T] to [N, T, width]. */
  forward(inputIds: Tensor, tokenTypeIds?: Tensor): Tensor {
    const words = this.wordEmbeddings.forward(inputIds);
    const types = this.tokenTypeEmbeddings;
    const typed = types ? add(words, tokenTypeIds ? types.forward(tokenTypeIds) : slice(types.weight, 0, 0, 1)) : words;
    const places = positions(this.positionEmbeddings, inputIds.shape[1] as number);
    return this.dropout.forward(this.norm.forward(add(typed, places)));
  }
}

/** Options with their defaults. */
export type TextEncoderSizes = Required<Omit<TextEncoderOptions, keyof ClassifierOptions>>;

/** BERT's base sizes where none are given. */
export function textEncoderSizes(options: TextEncoderOptions, depth: number): TextEncoderSizes {
  const { vocabularySize = 30522, width = 768, heads = 12, intermediate = 3072, maxPositions = 512 } = options;
  const { dropout = 0.1, attentionDropout = 0.1 } = options;
  const sizes = { vocabularySize, width, heads, intermediate, maxPositions, dropout, attentionDropout };
  return { ...sizes, depth: options.depth ?? depth };
}

/** What the classifiers of texts share: a dropout and a linear layer at the end, and layers that are numbered blocks. */
export abstract class TextClassifier<Inputs extends readonly unknown[]> extends Classifier<Inputs> {
  abstract dropout: Dropout;
  abstract classifier: Linear;

  override getClassifier(): Linear {
    return this.classifier;
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    this.dropout = new Dropout(this.dropout.p, options);
    this.classifier = normalLinear(this.classifier.weight.shape[1] as number, classes, textStd, options);
  }

  /** The embeddings, each block, and all that is behind them together are layers. */
  protected override depthOf(name: string): readonly number[] {
    if (/^\w+\.embeddings\./.test(name)) return [0];
    const block = /\.layer\.(\d+)\./.exec(name)?.[1];
    return [block === undefined ? Number.POSITIVE_INFINITY : 1 + Number(block)];
  }
}
