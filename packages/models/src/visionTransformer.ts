import { Conv2d, Dropout, DropPath, gelu, LayerNorm, type Linear, Module, normal, Parameter } from "@graftjs/nn";
import {
  ArgumentError,
  add,
  concat,
  expand,
  formatShape,
  interpolate,
  permute,
  reshape,
  type Shape,
  ShapeError,
  slice,
  type Tensor,
} from "@graftjs/tensor";
import { attention, mergeHeads } from "./attention.ts";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { normalLinear } from "./weights.ts";

/** Options of {@link VisionTransformer}, {@link vitTiny} and {@link vitSmall}. */
export interface VisionTransformerOptions extends ClassifierOptions {
  /** Height and width of the images. Default 224. */
  readonly imageSize?: number;
  /** Height and width of a patch. Default 16. */
  readonly patchSize?: number;
  /** Dropout after the position embeddings, the projections of attention and the layers of the MLPs. Default 0. */
  readonly dropout?: number;
  /** Dropout of the attention weights. Default 0. */
  readonly attentionDropout?: number;
  /** Probability that the last block is left out for a sample in training; it grows linearly from 0. Default 0. */
  readonly dropPath?: number;
}

/** Size of a token, number of blocks, and of attention heads in each. */
interface Architecture {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
}

interface Regularisation {
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly dropPath: number;
}

const std = 0.02;
const eps = 1e-6;

class PatchEmbed extends Module {
  readonly proj: Conv2d;

  constructor(width: number, patchSize: number, draw: Draw) {
    super();
    this.proj = new Conv2d(3, width, patchSize, { stride: patchSize, ...draw });
  }

  /** [N, 3, H, W] to [N, H · W / patchSize², width]. */
  forward(x: Tensor): Tensor {
    const maps = this.proj.forward(x);
    const [n, d, h, w] = maps.shape as [number, number, number, number];
    return permute(reshape(maps, [n, d, h * w]), [0, 2, 1]);
  }
}

class Attention extends Module {
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly attnDrop: Dropout;
  readonly projDrop: Dropout;
  readonly heads: number;

  constructor(width: number, heads: number, { dropout, attentionDropout }: Regularisation, draw: Draw) {
    super();
    this.qkv = normalLinear(width, 3 * width, std, draw);
    this.proj = normalLinear(width, width, std, draw);
    this.attnDrop = new Dropout(attentionDropout, draw);
    this.projDrop = new Dropout(dropout, draw);
    this.heads = heads;
  }

  forward(x: Tensor): Tensor {
    const [n, t, d] = x.shape as [number, number, number];
    const { heads } = this;
    const qkv = permute(reshape(this.qkv.forward(x), [n, t, 3, heads, d / heads]), [2, 0, 3, 1, 4]);
    const part = (i: number): Tensor => reshape(slice(qkv, 0, i, i + 1), [n, heads, t, d / heads]);
    const mixed = attention(part(0), part(1), part(2), { dropout: this.attnDrop });
    return this.projDrop.forward(this.proj.forward(mergeHeads(mixed)));
  }
}

class Mlp extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly drop: Dropout;

  constructor(width: number, dropout: number, draw: Draw) {
    super();
    this.fc1 = normalLinear(width, 4 * width, std, draw);
    this.fc2 = normalLinear(4 * width, width, std, draw);
    this.drop = new Dropout(dropout, draw);
  }

  forward(x: Tensor): Tensor {
    return this.drop.forward(this.fc2.forward(this.drop.forward(gelu(this.fc1.forward(x)))));
  }
}

/** x + attention(norm(x)), and then x + mlp(norm(x)). */
class Block extends Module {
  readonly norm1: LayerNorm;
  readonly attn: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
  readonly dropPath: DropPath;

  constructor(width: number, heads: number, rates: Regularisation, draw: Draw) {
    super();
    this.norm1 = new LayerNorm(width, { eps });
    this.attn = new Attention(width, heads, rates, draw);
    this.norm2 = new LayerNorm(width, { eps });
    this.mlp = new Mlp(width, rates.dropout, draw);
    this.dropPath = new DropPath(rates.dropPath, draw);
  }

  forward(x: Tensor): Tensor {
    const y = add(x, this.dropPath.forward(this.attn.forward(this.norm1.forward(x))));
    return add(y, this.dropPath.forward(this.mlp.forward(this.norm2.forward(y))));
  }
}

/**
 * Vision transformer (ViT, DeiT): [N, 3, imageSize, imageSize] to logits [N, classes], by default 1000. Made by
 * {@link vitTiny}, {@link vitSmall}, {@link vitBase} and {@link vitLarge}. Parameters have timm's names (`cls_token`,
 * `pos_embed`, `patch_embed.proj`, `blocks.0.attn.qkv`); files with torchvision's are read too. Position
 * embeddings and weights of linear layers are at first drawn from N(0, 0.02²) (the original cuts this off at ±2, a
 * hundred standard deviations), the class token from N(0, 1e-12), the patch projection as {@link Conv2d}; biases are 0.
 * Weights for images of another size are loaded with their position embeddings resized.
 * Source: Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929; Touvron et al. 2020, https://arxiv.org/abs/2012.12877;
 * https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/vision_transformer.py
 *
 * @example
 * ```ts
 * import { type VisionTransformer, vitTiny } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: VisionTransformer = skipInit(() => vitTiny({ classes: 5, imageSize: 32 }));
 * console.log(net.eval().forwardFeatures(zeros([1, 3, 32, 32])).shape); // [1, 5, 192]
 * ```
 */
export class VisionTransformer extends Classifier {
  readonly clsToken: Parameter;
  readonly posEmbed: Parameter;
  readonly patchEmbed: PatchEmbed;
  readonly posDrop: Dropout;
  readonly blocks: readonly Block[];
  readonly norm: LayerNorm;
  head: Linear;
  readonly #imageSize: number;

  /** @internal */
  constructor({ width, depth, heads }: Architecture, options: VisionTransformerOptions) {
    super();
    const { classes = 1000, imageSize = 224, patchSize = 16, ...rest } = options;
    const { dropout = 0, attentionDropout = 0, dropPath = 0, ...draw } = rest;
    const side = imageSize / patchSize;
    if (!Number.isInteger(side) || side < 1) {
      throw new ArgumentError({
        op: "VisionTransformer",
        expected: `an image size that is a multiple of the patch size ${patchSize}`,
        got: String(imageSize),
      });
    }
    this.#imageSize = imageSize;
    this.clsToken = new Parameter(normal([1, 1, width], { std: 1e-6, ...draw }));
    this.posEmbed = new Parameter(normal([1, 1 + side ** 2, width], { std, ...draw }));
    this.patchEmbed = new PatchEmbed(width, patchSize, draw);
    this.posDrop = new Dropout(dropout, draw);
    this.blocks = Array.from({ length: depth }, (_, i) => {
      const rates = { dropout, attentionDropout, dropPath: (dropPath * i) / Math.max(1, depth - 1) };
      return new Block(width, heads, rates, draw);
    });
    this.norm = new LayerNorm(width, { eps });
    this.head = normalLinear(width, classes, std, draw);
  }

  /**
   * [N, 3, imageSize, imageSize] to tokens [N, 1 + patches, width], normalised; the first is the class token.
   * @throws {ShapeError} for images of another size.
   */
  override forwardFeatures(x: Tensor): Tensor {
    const size = this.#imageSize;
    if (x.rank !== 4 || x.shape[2] !== size || x.shape[3] !== size) {
      const expected = `images [N, 3, ${size}, ${size}]`;
      throw new ShapeError({ op: "VisionTransformer", expected, got: formatShape(x.shape) });
    }
    const patches = this.patchEmbed.forward(x);
    const [n, , width] = patches.shape as [number, number, number];
    const tokens = concat([expand(this.clsToken, [n, 1, width]), patches], 1);
    const embedded = this.posDrop.forward(add(tokens, this.posEmbed));
    return this.norm.forward(this.blocks.reduce((y, block) => block.forward(y), embedded));
  }

  /** The head takes the class token. */
  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const [n, , width] = features.shape as [number, number, number];
    const token = reshape(slice(features, 1, 0, 1), [n, width]);
    return preLogits ? token : this.head.forward(token);
  }

  override getClassifier(): Linear {
    return this.head;
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    this.head = normalLinear(this.head.weight.shape[1] as number, classes, std, options);
  }

  /** torchvision's names, such as `encoder.layers.encoder_layer_0.ln_1`. */
  override weightName(name: string): string {
    return name
      .replace(/^class_token$/, "cls_token")
      .replace(/^encoder\.pos_embedding$/, "pos_embed")
      .replace(/^conv_proj\./, "patch_embed.proj.")
      .replace(/^encoder\.ln\./, "norm.")
      .replace(/^heads\.head\./, "head.")
      .replace(/^encoder\.layers\.encoder_layer_(\d+)\.(.+)$/, (_, block, part: string) => {
        const renamed = part
          .replace(/^ln_/, "norm")
          .replace(/^self_attention\.in_proj_/, "attn.qkv.")
          .replace(/^self_attention\.out_proj\./, "attn.proj.")
          .replace(/^mlp\.(0|linear_1)\./, "mlp.fc1.")
          .replace(/^mlp\.(3|linear_2)\./, "mlp.fc2.");
        return `blocks.${block}.${renamed}`;
      });
  }

  /** Position embeddings for images of another size are resized as images are: bicubic, with antialiasing, as in timm. */
  override adaptWeight(name: string, shape: Shape): ((values: Tensor) => Tensor) | null {
    const [, tokens, width] = this.posEmbed.shape as [number, number, number];
    const [from, to] = [Math.sqrt((shape[1] ?? 0) - 1), Math.sqrt(tokens - 1)];
    const fits = name === "pos_embed" && shape.length === 3 && shape[0] === 1 && shape[2] === width;
    if (!fits || !Number.isInteger(from) || from < 1) return null;
    return (values) => {
      const grid = permute(reshape(slice(values, 1, 1), [1, from, from, width]), [0, 3, 1, 2]);
      const resized = interpolate(grid, { size: to, mode: "bicubic", antialias: true });
      const flat = reshape(permute(resized, [0, 2, 3, 1]), [1, to * to, width]);
      return concat([slice(values, 1, 0, 1), flat], 1);
    };
  }

  protected override get noWeightDecay(): RegExp {
    return /^(cls_token|pos_embed)$/;
  }

  /** The embeddings, each block, and the head are layers; the last normalisation belongs to the last block. */
  protected override depthOf(name: string): readonly number[] {
    const [part, block] = name.split(".");
    if (part === "head") return [Number.POSITIVE_INFINITY];
    if (part === "norm") return [this.blocks.length];
    return part === "blocks" ? [1 + Number(block)] : [0];
  }
}

/**
 * ViT-Ti and DeiT-Ti: 5.7 million parameters.
 *
 * @example
 * ```ts
 * import { vitTiny } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vitTiny()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 5717416
 * console.log(net.getClassifier().weight.shape[1]); // 192
 * ```
 */
export function vitTiny(options: VisionTransformerOptions = {}): VisionTransformer {
  return new VisionTransformer({ width: 192, depth: 12, heads: 3 }, options);
}

/**
 * ViT-S and DeiT-S: 22.1 million parameters.
 *
 * @example
 * ```ts
 * import { vitSmall } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vitSmall()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 22050664
 * console.log(net.getClassifier().weight.shape[1]); // 384
 * ```
 */
export function vitSmall(options: VisionTransformerOptions = {}): VisionTransformer {
  return new VisionTransformer({ width: 384, depth: 12, heads: 6 }, options);
}

/**
 * ViT-B and DeiT-B: 86.6 million parameters.
 *
 * @example
 * ```ts
 * import { vitBase } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vitBase()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 86567656
 * console.log(net.getClassifier().weight.shape[1]); // 768
 * ```
 */
export function vitBase(options: VisionTransformerOptions = {}): VisionTransformer {
  return new VisionTransformer({ width: 768, depth: 12, heads: 12 }, options);
}

/**
 * ViT-L: 304.3 million parameters.
 *
 * @example
 * ```ts
 * import { vitLarge } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vitLarge()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 304326632
 * console.log(net.getClassifier().weight.shape[1]); // 1024
 * ```
 */
export function vitLarge(options: VisionTransformerOptions = {}): VisionTransformer {
  return new VisionTransformer({ width: 1024, depth: 24, heads: 16 }, options);
}
