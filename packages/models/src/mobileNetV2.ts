import { BatchNorm2d, Dropout, type Linear, Module, ReLU6, Sequential } from "@graftjs/nn";
import { add, flatten, globalAvgPool2d, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import {
  type ConvNormActivationOptions,
  convNormActivation,
  convolution,
  makeDivisible,
} from "./convNormActivation.ts";
import { lastLayer } from "./head.ts";
import { type BlockLayout, invertedResidualName } from "./invertedResidualName.ts";
import { normalLinear } from "./weights.ts";

function activated(input: number, output: number, options: ConvNormActivationOptions, draw: Draw): Sequential {
  return convNormActivation(input, output, { ...options, activation: () => new ReLU6() }, draw);
}

/** 1×1 expansion, 3×3 depthwise, 1×1 projection without activation; a shortcut where the shape stays. */
class InvertedResidual extends Module {
  readonly conv: Sequential;
  readonly residual: boolean;

  constructor(input: number, output: number, stride: number, expansion: number, draw: Draw) {
    super();
    const hidden = input * expansion;
    this.conv = new Sequential(
      ...(expansion === 1 ? [] : [activated(input, hidden, { size: 1 }, draw)]),
      activated(hidden, hidden, { size: 3, stride, groups: hidden }, draw),
      convolution(hidden, output, { size: 1 }, draw),
      new BatchNorm2d(output),
    );
    this.residual = stride === 1 && input === output;
  }

  forward(x: Tensor): Tensor {
    const y = this.conv.forward(x);
    return this.residual ? add(x, y) : y;
  }
}

/** Expansion, channels, blocks and first stride of each stage. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const layout: Omit<BlockLayout, "expands"> = { squeezes: false, flatProjection: true };

/** Options of {@link MobileNetV2} and {@link mobileNetV2}. */
export interface MobileNetV2Options extends ClassifierOptions {
  /** Factor of all numbers of channels. Default 1. */
  readonly widthMultiplier?: number;
  /** Probability of dropout before the last layer. Default 0.2. */
  readonly dropout?: number;
}

/**
 * MobileNetV2: [N, 3, H, W] (normally 224 × 224) to logits [N, classes], by default 1000; 3.5 million parameters.
 * Parameters have torchvision's names; convolutions are at first Kaiming-normal, the last layer N(0, 0.01²).
 * Source: Sandler et al. 2018, https://arxiv.org/abs/1801.04381; https://pytorch.org/vision/stable/models/mobilenetv2.html
 *
 * @example
 * ```ts
 * import { MobileNetV2 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net = skipInit(() => new MobileNetV2({ classes: 5 }));
 * console.log(net.eval().forwardFeatures(zeros([1, 3, 32, 32])).shape); // [1, 1280, 1, 1]
 * ```
 */
export class MobileNetV2 extends Classifier {
  readonly features: Sequential;
  classifier: Sequential;
  readonly #dropout: number;
  readonly #width: number;

  constructor(options: MobileNetV2Options = {}) {
    super();
    const { classes = 1000, widthMultiplier = 1, dropout = 0.2, ...draw } = options;
    let input = makeDivisible(32 * widthMultiplier);
    const layers: Module[] = [activated(3, input, { size: 3, stride: 2 }, draw)];
    for (const [expansion, channels, blocks, stride] of stages) {
      const output = makeDivisible(channels * widthMultiplier);
      for (let i = 0; i < blocks; i++) {
        layers.push(new InvertedResidual(input, output, i === 0 ? stride : 1, expansion, draw));
        input = output;
      }
    }
    this.#width = makeDivisible(1280 * Math.max(1, widthMultiplier));
    this.#dropout = dropout;
    this.features = new Sequential(...layers, activated(input, this.#width, { size: 1 }, draw));
    this.classifier = this.#classifier(classes, draw);
  }

  /** [N, 3, H, W] to [N, 1280, H/32, W/32]. */
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
    this.classifier = this.#classifier(classes, options);
  }

  /** timm's names, such as `blocks.1.0.conv_dw`. */
  override weightName(name: string): string {
    return name
      .replace(/^conv_stem\./, "features.0.0.")
      .replace(/^bn1\./, "features.0.1.")
      .replace(/^conv_head\./, "features.18.0.")
      .replace(/^bn2\./, "features.18.1.")
      .replace(/^blocks\.(\d+)\.(\d+)\.(.+)$/, (_, stage, block, part) => {
        const before = stages.slice(0, Number(stage)).reduce((count, [, , blocks]) => count + blocks, 1);
        const expands = stages[Number(stage)]?.[0] !== 1;
        return `features.${before + Number(block)}.conv.${invertedResidualName(part, { ...layout, expands })}`;
      })
      .replace(/^classifier\.(weight|bias)$/, "classifier.1.$1");
  }

  /** The stem, each block, and the head are layers; the last convolution belongs to the last block. */
  protected override depthOf(name: string): readonly number[] {
    const [part, index] = name.split(".");
    return part === "features" ? [Math.min(Number(index), 17)] : [Number.POSITIVE_INFINITY];
  }

  #classifier(classes: number, draw: Draw): Sequential {
    return new Sequential(new Dropout(this.#dropout, draw), normalLinear(this.#width, classes, 0.01, draw));
  }
}

/**
 * {@link MobileNetV2}.
 *
 * @example
 * ```ts
 * import { mobileNetV2 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => mobileNetV2()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 3504872
 * console.log(net.getClassifier().weight.shape[1]); // 1280
 * ```
 */
export function mobileNetV2(options: MobileNetV2Options = {}): MobileNetV2 {
  return new MobileNetV2(options);
}
