import { DropPath, Flatten, GELU, LayerNorm, type Linear, Module, Parameter, Sequential } from "@graftjs/nn";
import { add, full, globalAvgPool2d, mul, permute, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { beforeLast, lastLayer, withLast } from "./head.ts";
import { normalConv2d, normalLinear } from "./weights.ts";

/** Options of {@link ConvNeXt}, {@link convNeXtTiny} and {@link convNeXtSmall}. */
export interface ConvNeXtOptions extends ClassifierOptions {
  /** Probability that the last block is left out for a sample in training; it grows linearly from 0. Default: the variant's. */
  readonly dropPath?: number;
  /** What each block's output is multiplied by at first. Default 1e-6. */
  readonly layerScale?: number;
}

type Four = readonly [number, number, number, number];

interface Architecture {
  readonly depths: Four;
  readonly widths: Four;
  readonly dropPath: number;
}

const std = 0.02;
const eps = 1e-6;

class Permute extends Module {
  readonly axes: readonly number[];

  constructor(...axes: readonly number[]) {
    super();
    this.axes = axes;
  }

  forward(x: Tensor): Tensor {
    return permute(x, this.axes);
  }
}

/** Normalises the channels of [N, C, H, W] at each place. */
class LayerNorm2d extends LayerNorm {
  override forward(x: Tensor): Tensor {
    return permute(super.forward(permute(x, [0, 2, 3, 1])), [0, 3, 1, 2]);
  }
}

/** 7×7 depthwise convolution, normalisation, two linear layers over the channels, a learned scale, and a shortcut. */
class ConvNeXtBlock extends Module {
  readonly layerScale: Parameter;
  readonly block: Sequential;
  readonly stochasticDepth: DropPath;

  constructor(width: number, layerScale: number, dropPath: number, draw: Draw) {
    super();
    this.layerScale = new Parameter(full([width, 1, 1], layerScale));
    this.block = new Sequential(
      normalConv2d(width, width, 7, { padding: 3, groups: width, std }, draw),
      new Permute(0, 2, 3, 1),
      new LayerNorm(width, { eps }),
      normalLinear(width, 4 * width, std, draw),
      new GELU(),
      normalLinear(4 * width, width, std, draw),
      new Permute(0, 3, 1, 2),
    );
    this.stochasticDepth = new DropPath(dropPath, draw);
  }

  forward(x: Tensor): Tensor {
    return add(this.stochasticDepth.forward(mul(this.layerScale, this.block.forward(x))), x);
  }
}

/**
 * ConvNeXt: [N, 3, H, W] (normally 224 × 224, at least 32) to logits [N, classes], by default 1000. Made by
 * {@link convNeXtTiny}, {@link convNeXtSmall}, {@link convNeXtBase} and {@link convNeXtLarge}. Parameters have
 * torchvision's names; weights are at first drawn from N(0, 0.02²) (the original cuts this off at ±2, a hundred standard
 * deviations), biases are 0.
 * Source: Liu et al. 2022, https://arxiv.org/abs/2201.03545; https://pytorch.org/vision/stable/models/convnext.html
 *
 * @example
 * ```ts
 * import { type ConvNeXt, convNeXtTiny } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: ConvNeXt = skipInit(() => convNeXtTiny({ classes: 5 }));
 * console.log(net.eval().forwardFeatures(zeros([1, 3, 32, 32])).shape); // [1, 768, 1, 1]
 * ```
 */
export class ConvNeXt extends Classifier {
  readonly features: Sequential;
  classifier: Sequential;

  /** @internal */
  constructor({ depths, widths, dropPath }: Architecture, options: ConvNeXtOptions) {
    super();
    const { classes = 1000, dropPath: p = dropPath, layerScale = 1e-6, ...draw } = options;
    const total = depths.reduce((a, b) => a + b, 0);
    let index = 0;
    const layers = widths.flatMap((width, s) => {
      const before = widths[s - 1];
      const entry =
        before === undefined
          ? new Sequential(normalConv2d(3, width, 4, { stride: 4, std }, draw), new LayerNorm2d(width, { eps }))
          : new Sequential(new LayerNorm2d(before, { eps }), normalConv2d(before, width, 2, { stride: 2, std }, draw));
      const blocks = Array.from(
        { length: depths[s] as number },
        () => new ConvNeXtBlock(width, layerScale, (p * index++) / (total - 1), draw),
      );
      return [entry, new Sequential(...blocks)];
    });
    this.features = new Sequential(...layers);
    const width = widths[3];
    const last = normalLinear(width, classes, std, draw);
    this.classifier = new Sequential(new LayerNorm2d(width, { eps }), new Flatten(), last);
  }

  /** [N, 3, H, W] to [N, C, H/32, W/32]; C is 768, of the base network 1024, of the large one 1536. */
  override forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    return (preLogits ? beforeLast(this.classifier) : this.classifier).forward(globalAvgPool2d(features));
  }

  override getClassifier(): Linear {
    return lastLayer(this.classifier);
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    const inFeatures = this.getClassifier().weight.shape[1] as number;
    this.classifier = withLast(this.classifier, normalLinear(inFeatures, classes, std, options));
  }

  /** timm's names, such as `stages.0.blocks.0.conv_dw`. */
  override weightName(name: string): string {
    const parts: Readonly<Record<string, string>> = {
      gamma: "layer_scale",
      conv_dw: "block.0",
      norm: "block.2",
      "mlp.fc1": "block.3",
      "mlp.fc2": "block.5",
    };
    return name
      .replace(/^stem\./, "features.0.")
      .replace(/^head\.norm\./, "classifier.0.")
      .replace(/^head\.fc\./, "classifier.2.")
      .replace(/^stages\.(\d+)\.downsample\./, (_, stage) => `features.${2 * Number(stage)}.`)
      .replace(
        /^stages\.(\d+)\.blocks\.(\d+)\.(gamma|conv_dw|norm|mlp\.fc[12])/,
        (_, stage, block, part) => `features.${2 * Number(stage) + 1}.${block}.${parts[part]}`,
      );
  }

  protected override get noWeightDecay(): RegExp {
    return /\.layer_scale$/;
  }

  /** The stem, each block, and the head are layers; a convolution between stages belongs to the block after it. */
  protected override depthOf(name: string): readonly number[] {
    const [part, index, block] = name.split(".");
    if (part !== "features") return [Number.POSITIVE_INFINITY];
    const i = Number(index);
    if (i === 0) return [0];
    return i % 2 === 0 ? [i + 1, 0] : [i, Number(block)];
  }
}

/**
 * ConvNeXt-Tiny: 28.6 million parameters.
 *
 * @example
 * ```ts
 * import { convNeXtTiny } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => convNeXtTiny()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 28589128
 * console.log(net.getClassifier().weight.shape[1]); // 768
 * ```
 */
export function convNeXtTiny(options: ConvNeXtOptions = {}): ConvNeXt {
  return new ConvNeXt({ depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], dropPath: 0.1 }, options);
}

/**
 * ConvNeXt-Small: 50.2 million parameters.
 *
 * @example
 * ```ts
 * import { convNeXtSmall } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => convNeXtSmall()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 50223688
 * console.log(net.getClassifier().weight.shape[1]); // 768
 * ```
 */
export function convNeXtSmall(options: ConvNeXtOptions = {}): ConvNeXt {
  return new ConvNeXt({ depths: [3, 3, 27, 3], widths: [96, 192, 384, 768], dropPath: 0.4 }, options);
}

/**
 * ConvNeXt-Base: 88.6 million parameters.
 *
 * @example
 * ```ts
 * import { convNeXtBase } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => convNeXtBase()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 88591464
 * console.log(net.getClassifier().weight.shape[1]); // 1024
 * ```
 */
export function convNeXtBase(options: ConvNeXtOptions = {}): ConvNeXt {
  return new ConvNeXt({ depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024], dropPath: 0.5 }, options);
}

/**
 * ConvNeXt-Large: 197.8 million parameters.
 *
 * @example
 * ```ts
 * import { convNeXtLarge } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => convNeXtLarge()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 197767336
 * console.log(net.getClassifier().weight.shape[1]); // 1536
 * ```
 */
export function convNeXtLarge(options: ConvNeXtOptions = {}): ConvNeXt {
  return new ConvNeXt({ depths: [3, 3, 27, 3], widths: [192, 384, 768, 1536], dropPath: 0.5 }, options);
}
