import { BatchNorm2d, Conv2d, Dropout, kaimingNormal, Linear, Module, normal, ReLU6, Sequential } from "@graftjs/nn";
import { add, flatten, globalAvgPool2d, type Tensor } from "@graftjs/tensor";
import type { Classifier, ClassifierOptions } from "./classifier.ts";

type Draw = Pick<ClassifierOptions, "generator">;

interface Geometry {
  readonly size: 1 | 3;
  readonly stride?: number;
  readonly groups?: number;
}

function convolution(input: number, output: number, geometry: Geometry, draw: Draw): Conv2d {
  const { size, stride = 1, groups = 1 } = geometry;
  return new Conv2d(input, output, size, {
    stride,
    padding: (size - 1) / 2,
    groups,
    bias: false,
    initialize: (shape) => kaimingNormal(shape, { mode: "fanOut", ...draw }),
  });
}

function activated(input: number, output: number, geometry: Geometry, draw: Draw): Sequential {
  return new Sequential(convolution(input, output, geometry, draw), new BatchNorm2d(output), new ReLU6());
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

/** The multiple of 8 next to `channels`, but not less than 0.9 of it. */
function rounded(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return near < 0.9 * channels ? near + 8 : near;
}

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
 */
export class MobileNetV2 extends Module implements Classifier {
  readonly features: Sequential;
  classifier: Sequential;
  readonly #dropout: number;
  readonly #width: number;

  constructor(options: MobileNetV2Options = {}) {
    super();
    const { classes = 1000, widthMultiplier = 1, dropout = 0.2, ...draw } = options;
    let input = rounded(32 * widthMultiplier);
    const layers: Module[] = [activated(3, input, { size: 3, stride: 2 }, draw)];
    for (const [expansion, channels, blocks, stride] of stages) {
      const output = rounded(channels * widthMultiplier);
      for (let i = 0; i < blocks; i++) {
        layers.push(new InvertedResidual(input, output, i === 0 ? stride : 1, expansion, draw));
        input = output;
      }
    }
    this.#width = rounded(1280 * Math.max(1, widthMultiplier));
    this.#dropout = dropout;
    this.features = new Sequential(...layers, activated(input, this.#width, { size: 1 }, draw));
    this.classifier = this.#classifier(classes, draw);
  }

  forward(x: Tensor): Tensor {
    return this.forwardHead(this.forwardFeatures(x));
  }

  /** [N, 3, H, W] to [N, 1280, H/32, W/32]. */
  forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  forwardHead(features: Tensor): Tensor {
    return this.classifier.forward(flatten(globalAvgPool2d(features), 1));
  }

  resetClassifier(classes: number, options: Draw = {}): void {
    this.classifier = this.#classifier(classes, options);
  }

  #classifier(classes: number, draw: Draw): Sequential {
    const linear = new Linear(this.#width, classes, draw);
    linear.weight.assign(normal(linear.weight.shape, { std: 0.01, ...draw }));
    linear.bias?.assign(new Float32Array(classes));
    return new Sequential(new Dropout(this.#dropout, draw), linear);
  }
}

/** {@link MobileNetV2}. */
export function mobileNetV2(options: MobileNetV2Options = {}): MobileNetV2 {
  return new MobileNetV2(options);
}
