import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  kaimingNormal,
  type Linear,
  MaxPool2d,
  type Module,
  ReLU,
  Sequential,
} from "@graftjs/nn";
import { flatten, type Tensor, zeros } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { beforeLast, lastLayer, withLast } from "./head.ts";
import { normalLinear } from "./weights.ts";

/** Options of {@link VGG}, {@link vgg11} and {@link vgg13}. */
export interface VGGOptions extends ClassifierOptions {
  /** Whether batch normalisation follows each convolution. Default `false`. */
  readonly batchNorm?: boolean;
  /** Probability of dropout after each of the two hidden layers of the head. Default 0.5. */
  readonly dropout?: number;
  /** Size of the two hidden layers of the head. Default 4096. */
  readonly hiddenFeatures?: number;
}

/** Convolutions in each of the five stages. */
type Depths = readonly [number, number, number, number, number];

function convolution(input: number, output: number, draw: Draw): Conv2d {
  const conv = new Conv2d(input, output, 3, {
    padding: 1,
    initialize: (shape) => kaimingNormal(shape, { mode: "fanOut", ...draw }),
    ...draw,
  });
  conv.bias?.assign(zeros([output]));
  return conv;
}

/**
 * VGG: [N, 3, H, W], H and W at least 32 (normally 224), to logits [N, classes], by default 1000. Made by {@link vgg11},
 * {@link vgg13}, {@link vgg16} and {@link vgg19}. Parameters have torchvision's names; convolutions are at first
 * Kaiming-normal, linear layers N(0, 0.01²), biases 0.
 * Source: Simonyan & Zisserman 2014, https://arxiv.org/abs/1409.1556; https://pytorch.org/vision/stable/models/vgg.html
 *
 * @example
 * ```ts
 * import { type VGG, vgg11 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net: VGG = skipInit(() => vgg11({ classes: 5, hiddenFeatures: 64 }));
 * console.log(net.getClassifier().weight.shape); // [5, 64]
 * ```
 */
export class VGG extends Classifier {
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  classifier: Sequential;

  /** @internal */
  constructor(depths: Depths, options: VGGOptions) {
    super();
    const { classes = 1000, batchNorm = false, dropout = 0.5, hiddenFeatures = 4096, ...draw } = options;
    const layers: Module[] = [];
    let input = 3;
    depths.forEach((depth, stage) => {
      const width = Math.min(512, 64 * 2 ** stage);
      for (let i = 0; i < depth; i++) {
        layers.push(convolution(input, width, draw), ...(batchNorm ? [new BatchNorm2d(width)] : []), new ReLU());
        input = width;
      }
      layers.push(new MaxPool2d(2));
    });
    this.features = new Sequential(...layers);
    this.avgpool = new AdaptiveAvgPool2d(7);
    this.classifier = new Sequential(
      normalLinear(input * 7 * 7, hiddenFeatures, 0.01, draw),
      new ReLU(),
      new Dropout(dropout, draw),
      normalLinear(hiddenFeatures, hiddenFeatures, 0.01, draw),
      new ReLU(),
      new Dropout(dropout, draw),
      normalLinear(hiddenFeatures, classes, 0.01, draw),
    );
  }

  /** [N, 3, H, W] to [N, 512, H/32, W/32]. */
  override forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = flatten(this.avgpool.forward(features), 1);
    return (preLogits ? beforeLast(this.classifier) : this.classifier).forward(pooled);
  }

  override getClassifier(): Linear {
    return lastLayer(this.classifier);
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    const inFeatures = this.getClassifier().weight.shape[1] as number;
    this.classifier = withLast(this.classifier, normalLinear(inFeatures, classes, 0.01, options));
  }

  /** timm's `pre_logits.fc1`, `pre_logits.fc2` (as convolutions) and `head.fc`. */
  override weightName(name: string): string {
    return name
      .replace(/^pre_logits\.fc1\./, "classifier.0.")
      .replace(/^pre_logits\.fc2\./, "classifier.3.")
      .replace(/^head\.fc\./, "classifier.6.");
  }

  /** Each convolution, with the normalisation after it, and each layer of the head is a layer. */
  protected override depthOf(name: string): readonly number[] {
    const [part, index] = name.split(".");
    if (part !== "features") return [1, Number(index)];
    const layers = Object.values(this.features.layers);
    return [0, layers.findLastIndex((layer, i) => i <= Number(index) && layer instanceof Conv2d)];
  }
}

/**
 * VGG-11: 132.9 million parameters, with and without batch normalisation.
 *
 * @example
 * ```ts
 * import { vgg11 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vgg11()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 132863336
 * console.log(net.getClassifier().weight.shape[1]); // 4096
 * ```
 */
export function vgg11(options: VGGOptions = {}): VGG {
  return new VGG([1, 1, 2, 2, 2], options);
}

/**
 * VGG-13: 133.0 million parameters, with batch normalisation 133.1.
 *
 * @example
 * ```ts
 * import { vgg13 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vgg13()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 133047848
 * console.log(net.getClassifier().weight.shape[1]); // 4096
 * ```
 */
export function vgg13(options: VGGOptions = {}): VGG {
  return new VGG([2, 2, 2, 2, 2], options);
}

/**
 * VGG-16: 138.4 million parameters, with and without batch normalisation.
 *
 * @example
 * ```ts
 * import { vgg16 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vgg16()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 138357544
 * console.log(net.getClassifier().weight.shape[1]); // 4096
 * ```
 */
export function vgg16(options: VGGOptions = {}): VGG {
  return new VGG([2, 2, 3, 3, 3], options);
}

/**
 * VGG-19: 143.7 million parameters, with and without batch normalisation.
 *
 * @example
 * ```ts
 * import { vgg19 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => vgg19()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 143667240
 * console.log(net.getClassifier().weight.shape[1]); // 4096
 * ```
 */
export function vgg19(options: VGGOptions = {}): VGG {
  return new VGG([2, 2, 4, 4, 4], options);
}
