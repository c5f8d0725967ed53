import { Dropout, Hardswish, hardsigmoid, type Linear, Module, ReLU, Sequential } from "@graftjs/nn";
import { add, flatten, globalAvgPool2d, relu, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { type ConvNormActivationOptions, convNormActivation, makeDivisible } from "./convNormActivation.ts";
import { beforeLast, lastLayer, withLast } from "./head.ts";
import { invertedResidualName } from "./invertedResidualName.ts";
import { SqueezeExcitation } from "./squeezeExcitation.ts";
import { normalLinear } from "./weights.ts";

type Activation = "relu" | "hardswish";

/** Kernel, channels after expansion, channels, squeeze-and-excitation, activation and stride of a block. */
type Row = readonly [size: 3 | 5, expanded: number, channels: number, squeezes: boolean, Activation, stride: 1 | 2];

const large: readonly Row[] = [
  [3, 16, 16, false, "relu", 1],
  [3, 64, 24, false, "relu", 2],
  [3, 72, 24, false, "relu", 1],
  [5, 72, 40, true, "relu", 2],
  [5, 120, 40, true, "relu", 1],
  [5, 120, 40, true, "relu", 1],
  [3, 240, 80, false, "hardswish", 2],
  [3, 200, 80, false, "hardswish", 1],
  [3, 184, 80, false, "hardswish", 1],
  [3, 184, 80, false, "hardswish", 1],
  [3, 480, 112, true, "hardswish", 1],
  [3, 672, 112, true, "hardswish", 1],
  [5, 672, 160, true, "hardswish", 2],
  [5, 960, 160, true, "hardswish", 1],
  [5, 960, 160, true, "hardswish", 1],
];

const small: readonly Row[] = [
  [3, 16, 16, true, "relu", 2],
  [3, 72, 24, false, "relu", 2],
  [3, 88, 24, false, "relu", 1],
  [5, 96, 40, true, "hardswish", 2],
  [5, 240, 40, true, "hardswish", 1],
  [5, 240, 40, true, "hardswish", 1],
  [5, 120, 48, true, "hardswish", 1],
  [5, 144, 48, true, "hardswish", 1],
  [5, 288, 96, true, "hardswish", 2],
  [5, 576, 96, true, "hardswish", 1],
  [5, 576, 96, true, "hardswish", 1],
];

/** Options of {@link MobileNetV3}, {@link mobileNetV3Large} and {@link mobileNetV3Small}. */
export interface MobileNetV3Options extends ClassifierOptions {
  /** Factor of all numbers of channels. Default 1. */
  readonly widthMultiplier?: number;
  /** Probability of dropout before the last layer. Default 0.2. */
  readonly dropout?: number;
  /** Added to the variances of batch normalisation. Default 1e-3, as torchvision's weights need; timm's need 1e-5. */
  readonly eps?: number;
}

interface BlockOptions extends ConvNormActivationOptions {
  readonly expanded: number;
  readonly squeezes: boolean;
}

/** 1×1 expansion, depthwise convolution, squeeze-and-excitation, 1×1 projection; a shortcut where the shape stays. */
class InvertedResidual extends Module {
  readonly block: Sequential;
  readonly residual: boolean;

  constructor(input: number, output: number, { expanded, squeezes, ...options }: BlockOptions, draw: Draw) {
    super();
    const pointwise = { ...options, size: 1, stride: 1 };
    const { activation: _, ...linear } = pointwise;
    const gates = { activation: relu, gate: hardsigmoid };
    this.block = new Sequential(
      ...(expanded === input ? [] : [convNormActivation(input, expanded, pointwise, draw)]),
      convNormActivation(expanded, expanded, { ...options, groups: expanded }, draw),
      ...(squeezes ? [new SqueezeExcitation(expanded, makeDivisible(Math.floor(expanded / 4)), gates, draw)] : []),
      convNormActivation(expanded, output, linear, draw),
    );
    this.residual = options.stride === 1 && input === output;
  }

  forward(x: Tensor): Tensor {
    const y = this.block.forward(x);
    return this.residual ? add(x, y) : y;
  }
}

/**
 * MobileNetV3: [N, 3, H, W] (normally 224 × 224) to logits [N, classes], by default 1000. Made by
 * {@link mobileNetV3Small} and {@link mobileNetV3Large}. Parameters have torchvision's names; convolutions are at first
 * Kaiming-normal, linear layers N(0, 0.01²), biases 0. The momentum of batch normalisation is 0.01.
 * Source: Howard et al. 2019, https://arxiv.org/abs/1905.02244; https://pytorch.org/vision/stable/models/mobilenetv3.html
 *
 * @example
 * ```ts
 * import { type MobileNetV3, mobileNetV3Small } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: MobileNetV3 = skipInit(() => mobileNetV3Small({ classes: 5 }));
 * console.log(net.eval().forward(zeros([1, 3, 32, 32])).shape); // [1, 5]
 * ```
 */
export class MobileNetV3 extends Classifier {
  readonly features: Sequential;
  classifier: Sequential;
  readonly #rows: readonly Row[];

  /** @internal */
  constructor(rows: readonly Row[], hidden: number, options: MobileNetV3Options) {
    super();
    const { classes = 1000, widthMultiplier = 1, dropout = 0.2, eps = 1e-3, ...draw } = options;
    const width = (channels: number): number => makeDivisible(channels * widthMultiplier);
    const norm = { eps, momentum: 0.01 };
    const hardswish = (): Module => new Hardswish();
    let input = width(16);
    const layers: Module[] = [
      convNormActivation(3, input, { ...norm, size: 3, stride: 2, activation: hardswish }, draw),
    ];
    for (const [size, expanded, channels, squeezes, activation, stride] of rows) {
      const output = width(channels);
      const activate = activation === "relu" ? () => new ReLU() : hardswish;
      const block = { ...norm, size, stride, activation: activate, expanded: width(expanded), squeezes };
      layers.push(new InvertedResidual(input, output, block, draw));
      input = output;
    }
    layers.push(convNormActivation(input, 6 * input, { ...norm, size: 1, activation: hardswish }, draw));
    this.#rows = rows;
    this.features = new Sequential(...layers);
    this.classifier = new Sequential(
      normalLinear(6 * input, hidden, 0.01, draw),
      new Hardswish(),
      new Dropout(dropout, draw),
      normalLinear(hidden, classes, 0.01, draw),
    );
  }

  /** [N, 3, H, W] to [N, C, H/32, W/32]; C is 960, of the small one 576. */
  override forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  /** Before the logits: [N, 1280], of the small network [N, 1024]. */
  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = flatten(globalAvgPool2d(features), 1);
    return (preLogits ? beforeLast(this.classifier) : this.classifier).forward(pooled);
  }

  override getClassifier(): Linear {
    return lastLayer(this.classifier);
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    const inFeatures = this.getClassifier().weight.shape[1] as number;
    this.classifier = withLast(this.classifier, normalLinear(inFeatures, classes, 0.01, options));
  }

  /** timm's names, such as `blocks.1.0.conv_dw`; `conv_head`, a 1×1 convolution there, is the head's first layer. */
  override weightName(name: string): string {
    const last = this.#rows.length + 1;
    // timm counts a new stage where the number of channels changes.
    const starts = this.#rows.flatMap(([, , channels], i) => (this.#rows[i - 1]?.[2] === channels ? [] : [i]));
    return name
      .replace(/^conv_stem\./, "features.0.0.")
      .replace(/^bn1\./, "features.0.1.")
      .replace(/^conv_head\./, "classifier.0.")
      .replace(/^classifier\.(weight|bias)$/, "classifier.3.$1")
      .replace(/^blocks\.(\d+)\.(\d+)\.(.+)$/, (_, stage, block, part) => {
        if (Number(stage) === starts.length)
          return `features.${last}.${part.replace("conv.", "0.").replace("bn1.", "1.")}`;
        const index = (starts[Number(stage)] ?? Number.NaN) + Number(block);
        const layout = { expands: Number(stage) > 0, squeezes: this.#rows[index]?.[3] ?? false };
        return `features.${index + 1}.block.${invertedResidualName(part, layout)}`;
      });
  }

  /** The stem, each block, the last convolution, and both linear layers of the head together are layers. */
  protected override depthOf(name: string): readonly number[] {
    const [part, index] = name.split(".");
    return [part === "features" ? Number(index) : Number.POSITIVE_INFINITY];
  }
}

/**
 * MobileNetV3 large: 5.5 million parameters.
 *
 * @example
 * ```ts
 * import { mobileNetV3Large } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => mobileNetV3Large()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 5483032
 * console.log(net.getClassifier().weight.shape[1]); // 1280
 * ```
 */
export function mobileNetV3Large(options: MobileNetV3Options = {}): MobileNetV3 {
  return new MobileNetV3(large, 1280, options);
}

/**
 * MobileNetV3 small: 2.5 million parameters.
 *
 * @example
 * ```ts
 * import { mobileNetV3Small } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => mobileNetV3Small()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 2542856
 * console.log(net.getClassifier().weight.shape[1]); // 1024
 * ```
 */
export function mobileNetV3Small(options: MobileNetV3Options = {}): MobileNetV3 {
  return new MobileNetV3(small, 1024, options);
}
