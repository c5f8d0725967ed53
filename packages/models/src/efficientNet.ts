import { Dropout, DropPath, Linear, Module, Sequential, SiLU, silu, uniform } from "@graftjs/nn";
import { add, flatten, globalAvgPool2d, sigmoid, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { type ConvNormActivationOptions, convNormActivation, makeDivisible } from "./convNormActivation.ts";
import { lastLayer } from "./head.ts";
import { invertedResidualName } from "./invertedResidualName.ts";
import { SqueezeExcitation } from "./squeezeExcitation.ts";

/** Expansion, kernel, stride of the first block, channels and blocks of each stage, of B0. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

/** Options of {@link EfficientNet}, {@link efficientNetB0} and {@link efficientNetB1}. */
export interface EfficientNetOptions extends ClassifierOptions {
  /** Probability of dropout before the last layer. Default: the variant's, 0.2 for B0. */
  readonly dropout?: number;
  /** Probability that the last block is left out for a sample in training; of the others it is less. Default 0.2. */
  readonly dropPath?: number;
}

/** How a variant differs from B0: factors of channels and blocks, and what else its weights were trained with. */
interface Scaling {
  readonly width: number;
  readonly depth: number;
  readonly dropout: number;
  /** Added to the variances of batch normalisation, and its momentum; default PyTorch's. */
  readonly norm?: { readonly eps: number; readonly momentum: number };
}

interface BlockOptions extends ConvNormActivationOptions {
  readonly expansion: number;
  readonly dropPath: number;
}

/** 1×1 expansion, depthwise convolution, squeeze-and-excitation, 1×1 projection; a shortcut where the shape stays. */
class MBConv extends Module {
  readonly block: Sequential;
  readonly stochasticDepth: DropPath;
  readonly residual: boolean;

  constructor(input: number, output: number, { expansion, dropPath: p, ...options }: BlockOptions, draw: Draw) {
    super();
    const expanded = makeDivisible(input * expansion);
    const activation = (): Module => new SiLU();
    const gates = { activation: silu, gate: sigmoid };
    this.block = new Sequential(
      ...(expanded === input
        ? []
        : [convNormActivation(input, expanded, { ...options, size: 1, stride: 1, activation }, draw)]),
      convNormActivation(expanded, expanded, { ...options, groups: expanded, activation }, draw),
      new SqueezeExcitation(expanded, Math.max(1, Math.floor(input / 4)), gates, draw),
      convNormActivation(expanded, output, { ...options, size: 1, stride: 1 }, draw),
    );
    this.stochasticDepth = new DropPath(p, draw);
    this.residual = options.stride === 1 && input === output;
  }

  forward(x: Tensor): Tensor {
    const y = this.block.forward(x);
    return this.residual ? add(this.stochasticDepth.forward(y), x) : y;
  }
}

/**
 * EfficientNet: [N, 3, H, W] to logits [N, classes], by default 1000. Made by {@link efficientNetB0} to
 * {@link efficientNetB7}. Parameters have torchvision's names; convolutions are at first Kaiming-normal by fan-out, the
 * last layer is drawn from U(-b, b), b = 1 / √classes, biases are 0. In training, whole residual branches are left out
 * for single samples, with a probability that grows with depth.
 * Source: Tan & Le 2019, https://arxiv.org/abs/1905.11946; https://pytorch.org/vision/stable/models/efficientnet.html
 *
 * @example
 * ```ts
 * import { type EfficientNet, efficientNetB0 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: EfficientNet = skipInit(() => efficientNetB0({ classes: 5 }));
 * console.log(net.eval().forwardFeatures(zeros([1, 3, 32, 32])).shape); // [1, 1280, 1, 1]
 * ```
 */
export class EfficientNet extends Classifier {
  readonly features: Sequential;
  classifier: Sequential;
  readonly #dropout: number;

  /** @internal */
  constructor(scaling: Scaling, options: EfficientNetOptions) {
    super();
    const { classes = 1000, dropout = scaling.dropout, dropPath: p = 0.2, ...draw } = options;
    const width = (channels: number): number => makeDivisible(channels * scaling.width);
    const depths = stages.map(([, , , , blocks]) => Math.ceil(blocks * scaling.depth));
    const total = depths.reduce((a, b) => a + b, 0);
    const activation = (): Module => new SiLU();
    const { norm = {} } = scaling;
    let input = width(32);
    let index = 0;
    const stem = convNormActivation(3, input, { ...norm, size: 3, stride: 2, activation }, draw);
    const body = stages.map(([expansion, size, stride, channels], s) => {
      const output = width(channels);
      const blocks = Array.from({ length: depths[s] as number }, (_, i) => {
        const rate = (p * index++) / total;
        const block = { ...norm, expansion, size, stride: i === 0 ? stride : 1, dropPath: rate };
        const made = new MBConv(input, output, block, draw);
        input = output;
        return made;
      });
      return new Sequential(...blocks);
    });
    const last = convNormActivation(input, 4 * input, { ...norm, size: 1, activation }, draw);
    this.#dropout = dropout;
    this.features = new Sequential(stem, ...body, last);
    this.classifier = this.#classifier(4 * input, classes, draw);
  }

  /** [N, 3, H, W] to [N, C, H/32, W/32]; C is 1280 of B0, and four times the last stage's channels of the others. */
  override forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = flatten(globalAvgPool2d(features), 1);
    return preLogits ? pooled : this.classifier.forward(pooled);
  }

  override getClassifier(): Linear {
    return lastLayer(this.classifier);
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    this.classifier = this.#classifier(this.getClassifier().weight.shape[1] as number, classes, options);
  }

  /** timm's names, such as `blocks.1.0.conv_dw`. */
  override weightName(name: string): string {
    return name
      .replace(/^conv_stem\./, "features.0.0.")
      .replace(/^bn1\./, "features.0.1.")
      .replace(/^conv_head\./, "features.8.0.")
      .replace(/^bn2\./, "features.8.1.")
      .replace(/^classifier\.(weight|bias)$/, "classifier.1.$1")
      .replace(/^blocks\.(\d+)\.(\d+)\.(.+)$/, (_, stage, block, part) => {
        const layout = { expands: Number(stage) > 0, squeezes: true };
        return `features.${Number(stage) + 1}.${block}.block.${invertedResidualName(part, layout)}`;
      });
  }

  /** The stem, each block, and the head are layers; the last convolution belongs to the last block. */
  protected override depthOf(name: string): readonly number[] {
    const [part, stage, block] = name.split(".");
    if (part !== "features") return [Number.POSITIVE_INFINITY];
    const last = Object.keys((this.features.layers[stages.length] as Sequential).layers).length - 1;
    if (stage === "0") return [0];
    return Number(stage) > stages.length ? [stages.length, last] : [Number(stage), Number(block)];
  }

  #classifier(inFeatures: number, classes: number, draw: Draw): Sequential {
    const linear = new Linear(inFeatures, classes, draw);
    const bound = 1 / Math.sqrt(classes);
    linear.weight.assign(uniform([classes, inFeatures], { low: -bound, high: bound, ...draw }));
    linear.bias?.assign(new Float32Array(classes));
    return new Sequential(new Dropout(this.#dropout, draw), linear);
  }
}

const fine = { eps: 1e-3, momentum: 0.01 };

/**
 * EfficientNet-B0, for 224 × 224: 5.3 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB0 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB0()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 5288548
 * console.log(net.getClassifier().weight.shape[1]); // 1280
 * ```
 */
export function efficientNetB0(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1, depth: 1, dropout: 0.2 }, options);
}

/**
 * EfficientNet-B1, for 240 × 240: 7.8 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB1 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB1()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 7794184
 * console.log(net.getClassifier().weight.shape[1]); // 1280
 * ```
 */
export function efficientNetB1(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1, depth: 1.1, dropout: 0.2 }, options);
}

/**
 * EfficientNet-B2, for 288 × 288: 9.1 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB2 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB2()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 9109994
 * console.log(net.getClassifier().weight.shape[1]); // 1408
 * ```
 */
export function efficientNetB2(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1.1, depth: 1.2, dropout: 0.3 }, options);
}

/**
 * EfficientNet-B3, for 300 × 300: 12.2 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB3 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB3()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 12233232
 * console.log(net.getClassifier().weight.shape[1]); // 1536
 * ```
 */
export function efficientNetB3(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1.2, depth: 1.4, dropout: 0.3 }, options);
}

/**
 * EfficientNet-B4, for 380 × 380: 19.3 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB4 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB4()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 19341616
 * console.log(net.getClassifier().weight.shape[1]); // 1792
 * ```
 */
export function efficientNetB4(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1.4, depth: 1.8, dropout: 0.4 }, options);
}

/**
 * EfficientNet-B5, for 456 × 456: 30.4 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB5 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB5()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 30389784
 * console.log(net.getClassifier().weight.shape[1]); // 2048
 * ```
 */
export function efficientNetB5(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1.6, depth: 2.2, dropout: 0.4, norm: fine }, options);
}

/**
 * EfficientNet-B6, for 528 × 528: 43.0 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB6 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB6()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 43040704
 * console.log(net.getClassifier().weight.shape[1]); // 2304
 * ```
 */
export function efficientNetB6(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 1.8, depth: 2.6, dropout: 0.5, norm: fine }, options);
}

/**
 * EfficientNet-B7, for 600 × 600: 66.3 million parameters.
 *
 * @example
 * ```ts
 * import { efficientNetB7 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => efficientNetB7()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 66347960
 * console.log(net.getClassifier().weight.shape[1]); // 2560
 * ```
 */
export function efficientNetB7(options: EfficientNetOptions = {}): EfficientNet {
  return new EfficientNet({ width: 2, depth: 3.1, dropout: 0.5, norm: fine }, options);
}
